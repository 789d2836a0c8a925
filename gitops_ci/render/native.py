"""The native kustomize engine as an Engine and a LayerBuilder, with charts through helm."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.model.finding import Finding
from gitops_ci.model.skip import Skip
from gitops_ci.model.span import Location, Route
from gitops_ci.render.closure import top
from gitops_ci.render.fetched.addresses import shown
from gitops_ci.render.fetched.lines import Lines
from gitops_ci.render.fetched.model import ChartPin, Elsewhere, MismatchError, NotFetchedError
from gitops_ci.render.helm.chart import is_chart
from gitops_ci.render.helm.outside import Outside, outside
from gitops_ci.render.helm.release import DEFAULT_NAME, Helm, Release
from gitops_ci.render.helm.values import Layer as Values
from gitops_ci.render.helm.values import file_layer, inline_layer
from gitops_ci.render.kustomize.engine import KustomizeEngine, KustomizeOptions
from gitops_ci.render.kustomize.engine import Layer as OwnLayer
from gitops_ci.render.kustomize.failure import BuildError, SkipError, UnsupportedError
from gitops_ci.render.kustomize.model import Built, ChartRequest, PortError
from gitops_ci.render.kustomize.rules import PATCH_NO_TARGET
from gitops_ci.render.layer import Layer
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.options import RenderOptions
from gitops_ci.render.origins import LinedOrigin, PlaceOrigin
from gitops_ci.render.paths import kustomization_in
from gitops_ci.render.result import Result
from gitops_ci.render.routes import items, mapping, text
from gitops_ci.repo.files import Files
from gitops_ci.repo.paths import join
from gitops_ci.repo.tree import UnreadableError

_CLASHING = ("namePrefix", "nameSuffix", "images", "replicas")


class NativeEngine:
    """Builds directories and layers natively. Raises UnsupportedError where the reference binary
    has to decide."""

    def __init__(
        self,
        files: Files,
        options: RenderOptions,
        helm: Helm,
        elsewhere: Elsewhere,
        has_binary: Callable[[], bool],
    ) -> None:
        charts = KustomizeCharts(files, helm, elsewhere)
        remote = None if elsewhere.is_closed else RemoteBases(elsewhere)
        settings = KustomizeOptions(options.load_restrictor, charts, remote)
        self._engine = KustomizeEngine(files, settings)
        self._files = files
        self._elsewhere = elsewhere
        self._has_binary = has_binary

    def build(self, directory: str) -> Result:
        """What the kustomization in the directory gives."""
        return self._moved(lambda: self._engine.build(directory), directory)

    def _moved(
        self, build: Callable[[], Built], directory: str, resources: tuple[str, ...] = ()
    ) -> Result:
        """The result of a build; what was fetched is shown on the lines that ask for it."""
        if self._elsewhere.is_closed:
            return _result(build())
        lines = Lines(self._files, self._elsewhere, directory, resources)
        try:
            return lines.result(_result(build()))
        except UnsupportedError as error:
            place = lines.of_path(error.location.path)
            if place is None or self._has_binary():
                raise
            detail = f"{error.message} ({lines.words(error.location)})"
            raise SkipError(Skip(place.path, "remote-base", detail)) from error
        finally:
            self._elsewhere.place(lines.of_text)

    def build_layer(self, layer: Layer) -> Result:
        """What it gives with a controller's fields on top. Controllers write their fields into the
        kustomization itself: where that differs from a layer on top, the binary decides."""
        place = layer.deployer.trace(()).location
        clashing = self._clashing(layer)
        if clashing and self._has_binary():
            message = f"'{clashing}' is set in the kustomization and by the controller"
            raise UnsupportedError("layer", place, message)
        source = self._files.source(place.path)
        routes: dict[str, Route] = {}
        for name, route in layer.routes.items():
            field = layer.deployer.trace(route).location
            same = field.path == place.path and field.document == place.document
            routes[name] = field.route if same else place.route
        own = OwnLayer(layer.directory, layer.fields, source, place.document, routes)
        resources = layer.resources or ()
        result = self._moved(lambda: self._engine.build_layer(own), layer.directory, resources)
        result = replace(result, findings=tuple(_telling(result.findings, layer, place.path)))
        return result if source.documents else _lined(result, layer, place)

    def _clashing(self, layer: Layer) -> str:
        """A field of the kustomization that works on what a field of the layer works on."""
        path = kustomization_in(self._files.tree, layer.directory)
        own = top(self._files.source(path)) if path else {}
        return next((name for name in _CLASHING if name in own and name in layer.fields), "")


def _lined(result: Result, layer: Layer, place: Location) -> Result:
    """The result of a layer whose deployer a template made. The lines that its rendered form knows
    take the place of routes into a file that cannot be parsed."""
    fields = (layer.deployer.trace(route).location for route in layer.routes.values())
    known = next((field for field in fields if field.span and field.path == place.path), place)

    def lined(item: RenderedObject) -> RenderedObject:
        return RenderedObject(item.value, LinedOrigin(item.origin, known))

    findings = (
        replace(finding, location=LinedOrigin(layer.deployer, known).of(finding.location))
        for finding in result.findings
    )
    return replace(result, objects=tuple(map(lined, result.objects)), findings=tuple(findings))


def _telling(findings: Iterable[Finding], layer: Layer, path: str) -> Iterator[Finding]:
    """The findings without those about patches that a controller tries on every object: a target
    without a name is meant to match what there is."""
    broad = not any(text(item, "target", "name") for item in items(layer.fields, "patches"))
    for finding in findings:
        if not (broad and finding.rule is PATCH_NO_TARGET and finding.location.path == path):
            yield finding


def _result(built: Built) -> Result:
    return Result(built.objects, built.findings, built.skipped, built.used, built.failed)


class RemoteBases(Struct, frozen=True):
    """Remote entries of kustomizations that were fetched."""

    elsewhere: Elsewhere

    def fetch(self, url: str) -> tuple[Files, str]:
        """The files and the path in them. Raises PortError, and SkipError with the entry in place
        of a path when it was not fetched."""
        try:
            mounted = self.elsewhere.base(url)
        except NotFetchedError as error:
            raise SkipError(Skip(url, "remote-base", f"{shown(url)}: {error}")) from error
        except MismatchError as error:
            raise PortError(str(error)) from error
        return mounted.files, mounted.path


class KustomizeCharts(Struct, frozen=True):
    """Renders the `helmCharts` of kustomizations. Fields: the HelmChart type of kustomize."""

    files: Files
    helm: Helm
    elsewhere: Elsewhere

    def render(self, request: ChartRequest) -> tuple[RenderedObject, ...]:
        """The objects of the chart. Raises PortError, BuildError and SkipError."""
        chart, name = request.chart, text(request.chart, "name")
        home = text(request.options, "chartHome") or "charts"
        directory = join(request.directory, f"{home}/{name}")
        fetched = None
        if directory is None or not is_chart(self.files, directory):
            directory, fetched = "", self._fetched(request, name)
        release = Release(
            directory,
            text(chart, "releaseName") or DEFAULT_NAME,
            text(chart, "namespace") or "default",
            tuple(self._values(request)),
            include_crds=chart.get("includeCRDs") is True,
            skip_tests=chart.get("skipTests") is True,
            api_versions=tuple(map(str, items(chart, "apiVersions"))),
            outside=fetched,
        )
        result = self.helm.render(release)
        if result.skipped:
            raise SkipError(result.skipped[0])
        if result.findings and not result.objects:
            raise BuildError(result.findings[0])
        return result.objects

    def _fetched(self, request: ChartRequest, name: str) -> Outside:
        """The chart of a repository elsewhere. Raises SkipError and BuildError."""
        chart, asker = request.chart, request.directory or "."
        version, address = str(chart.get("version") or ""), text(chart, "repo")
        source = f" of {shown(address)}" if address else ""
        place = f"{request.location.path}:{request.location.line}"
        detail = f"chart '{name}'{f' {version}' if version else ''}{source} ({place})"
        if not address:
            raise SkipError(Skip(asker, "remote-chart", detail))
        pin = ChartPin(address, name, version, request.location)
        fetched = outside(self.elsewhere, pin, asker, detail)
        if isinstance(fetched, Outside):
            return fetched
        if fetched.skipped:
            raise SkipError(fetched.skipped[0])
        raise BuildError(fetched.findings[0])

    def _values(self, request: ChartRequest) -> list[Values]:
        chart = request.chart
        paths = [text(chart, "valuesFile"), *map(str, items(chart, "additionalValuesFiles"))]
        layers = []
        for words in filter(None, paths):
            path = join(request.directory, words)
            try:
                layers.append(file_layer(self.files, path or words))
            except UnreadableError as error:
                raise PortError(f"the values file '{words}' cannot be read: {error}") from error
        values = mapping(chart, "valuesInline")
        if values:
            data = json.dumps(values, ensure_ascii=False).encode()
            origin = PlaceOrigin(request.location, "valuesInline")
            layers.append(inline_layer(values, data, origin, ()))
        return layers
