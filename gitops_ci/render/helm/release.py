"""One release of a chart of the repository, rendered by `helm template`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.manifests import unfold
from gitops_ci.documents.text import decode
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Location
from gitops_ci.render import rules
from gitops_ci.render.fetched.model import ChartPin, Elsewhere
from gitops_ci.render.helm.chart import Assembly, Dependency, assemble
from gitops_ci.render.helm.errors import failure
from gitops_ci.render.helm.origins import ReleaseOrigins
from gitops_ci.render.helm.outside import Outside, outside
from gitops_ci.render.helm.values import Layer
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.options import RenderOptions
from gitops_ci.render.output import parsed, plain_words
from gitops_ci.render.programs import Programs, confined
from gitops_ci.render.result import Result, failed, left_out
from gitops_ci.render.workspace import Workspace, copy_tree
from gitops_ci.repo.files import Files
from gitops_ci.tools.run import MissingProgramError, Outcome

_SOURCE = regex(r"^# Source: (\S.*?)\s*$")
MISSING = "helm was not found: run `gitops-ci tools install helm`"
DEFAULT_NAME = "release-name"


class Release(Struct, frozen=True):
    """What is installed: the chart's directory, the name and namespace, the values in order (a
    later layer wins). `deployed` says that the values are all there are: without a deployer a
    chart may lack values that somebody else supplies. `outside` is a chart that was fetched, whose
    directory is the root of its own files."""

    chart: str
    name: str = DEFAULT_NAME
    namespace: str = "default"
    layers: tuple[Layer, ...] = ()
    include_crds: bool = True
    skip_tests: bool = True
    api_versions: tuple[str, ...] = ()
    deployed: bool = True
    outside: Outside | None = None

    @property
    def shown(self) -> str:
        """How reports call what cannot be rendered."""
        return self.outside.asker if self.outside else self.chart or "."

    def used(self, assembly: Assembly) -> frozenset[str]:
        """The files of the repository in the assembled chart."""
        return frozenset() if self.outside else frozenset(assembly.used)


class Helm(Struct, frozen=True):
    """Renders charts of `files` with the helm binary."""

    files: Files
    workspace: Workspace
    programs: Programs
    options: RenderOptions
    charts: Elsewhere

    def render(self, release: Release) -> Result:
        """The objects of the release, with origins in templates and values."""
        chart = release.shown
        if not self.options.helm:
            return left_out(chart, "plugin", "render.helm is off in the configuration")
        helm = self.programs.find("helm")
        if helm is None:
            return left_out(chart, "missing-tool", MISSING)
        with self.workspace.scratch() as folder:
            files = release.outside.files if release.outside else self.files
            assembly = assemble(files, release.chart, folder / "chart")
            obstacle = self._supply(release, assembly)
            if obstacle is not None:
                return obstacle
            words = self._words(helm, release, folder)
            env = confined(folder / "home", network=False)
            try:
                outcome = self.programs.run(
                    words, cwd=folder, timeout=self.options.timeout, env=env
                )
            except MissingProgramError as error:
                return left_out(chart, "missing-tool", str(error), release.used(assembly))
            return self._result(outcome, release, assembly, str(folder))

    def _supply(self, release: Release, assembly: Assembly) -> Result | None:
        """Put dependencies that were fetched into the private copy; why that cannot be done. All
        are asked for, so that one run fetches all."""
        obstacle: Result | None = None
        for number, missing in enumerate(assembly.missing):
            wanted = missing.dependency
            place = release.outside.location if release.outside else wanted.location
            pin = ChartPin(wanted.repository, wanted.name, wanted.version, place)
            supplied = outside(self.charts, pin, release.shown, _missing(wanted))
            if isinstance(supplied, Result):
                obstacle = obstacle or replace(supplied, used=release.used(assembly))
                continue
            # one chart may be there in two versions: helm reads the names in the charts
            copy_tree(supplied.files.tree, "", missing.charts / f"{number}-{wanted.name}")
            assembly.folders[missing.shown] = ""
        return obstacle

    def _words(self, helm: Path, release: Release, folder: Path) -> list[str | Path]:
        words: list[str | Path] = [helm, "template", release.name, folder / "chart"]
        words += ["--namespace", release.namespace or "default"]
        if release.skip_tests:
            words.append("--skip-tests")
        words += ["--kube-version", self.options.kube_version]
        if release.include_crds:
            words.append("--include-crds")
        for version in release.api_versions:
            words += ["--api-versions", version]
        (folder / "home").mkdir()
        for index, layer in enumerate(release.layers):
            words += layer.words
            if layer.data is not None:
                path = folder / f"values-{index}.yaml"
                path.write_bytes(layer.data)
                words += ["--values", path]
        return words

    def _result(
        self, outcome: Outcome, release: Release, assembly: Assembly, folder: str
    ) -> Result:
        used, chart = release.used(assembly), release.shown
        if outcome.timed_out:
            detail = f"helm did not finish within {self.options.timeout:g} s"
            return left_out(chart, "timeout", detail, used)
        if outcome.truncated:
            return left_out(chart, "too-large", "helm printed more than fits", used)
        origins = self._origins(release, assembly)
        if not outcome.ok and not release.deployed:
            words = plain_words(outcome.stderr, (folder,))
            detail = f"needs values that its own values.yaml does not hold: {words}"
            return left_out(chart, "helm-template", detail, used)
        if not outcome.ok:
            return failed(failure(outcome.stderr, origins, (folder,)), used)
        source = parsed(outcome.stdout)
        sources = _sources(source)
        objects = tuple(
            RenderedObject(
                manifest.value, origins.origin(sources.get(document.index, ""), manifest.value)
            )
            for document in source.documents
            for manifest in unfold(document.value, document.index, ())
        )
        return Result(objects, tuple(_problems(source, sources, origins)), (), used)

    def _origins(self, release: Release, assembly: Assembly) -> ReleaseOrigins:
        files, fallback = self.files, Location(f"{release.chart}/Chart.yaml".lstrip("/"))
        if release.outside is not None:
            files, fallback = release.outside.files, release.outside.location
        origins = ReleaseOrigins(files, assembly, release.layers, fallback, release.outside)
        defaults = origins.defaults(f"{release.chart}/values.yaml".lstrip("/"))
        if defaults is not None:
            origins.layers = (defaults, *release.layers)
        return origins


def _missing(dependency: Dependency) -> str:
    place = f"{dependency.location.path}:{dependency.location.line}"
    source = f" from {dependency.repository}" if dependency.repository else ""
    return f"the dependency '{dependency.name}' ({place}){source} is not in the repository"


def _sources(source: SourceFile) -> dict[int, str]:
    """The `# Source:` comment above each document of helm's output."""
    lines = decode(source.data).split("\n")
    result = {}
    for document in source.documents:
        for number in range(min(document.line, len(lines)) - 1, -1, -1):
            match = _SOURCE.match(lines[number])
            if match:
                result[document.index] = match.group(1)
                break
    return result


def _problems(
    source: SourceFile, sources: dict[int, str], origins: ReleaseOrigins
) -> Iterator[Finding]:
    """The faults in the form of the output, each on the template that wrote it."""
    for problem in source.problems:
        template = sources.get(problem.location.document, "")
        path = origins.template(template)[0] if template and not origins.outside else None
        location = Location(path) if path else origins.fallback
        words = plain_words(problem.message)
        if problem.rule.id == "yaml/duplicate-key":
            words = f"the template writes the key '{problem.key}' twice"
        yield replace(found(rules.HELM_OUTPUT, words, location), key=problem.key or words)
