"""What the repository holds: each file has one kind, and ends as parsed, skipped or at fault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct, field

from gitops_ci.config.globs import Globs
from gitops_ci.config.model import Config
from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.manifests import manifests_of
from gitops_ci.model.finding import Finding
from gitops_ci.model.skip import Skip
from gitops_ci.repo import argocd, flux
from gitops_ci.repo.classify import is_encrypted, judge_content
from gitops_ci.repo.deployers import Deployer
from gitops_ci.repo.deployments import Deployment, Origins, resolve_deployers
from gitops_ci.repo.files import Files
from gitops_ci.repo.kinds import FOR_THE_CLUSTER, SKIP_REASONS, FileKind, Verdict
from gitops_ci.repo.kustomization import references_of
from gitops_ci.repo.lookup import Places
from gitops_ci.repo.names import CHART, is_json, is_kustomization, is_yaml, judge_name
from gitops_ci.repo.paths import name, parent, within
from gitops_ci.repo.references import Reference, Role
from gitops_ci.repo.tree import Entry, EntryKind, UnreadableError

_SNIFF = 2**20
_CRD = b"CustomResourceDefinition"
_BY_ROLE: tuple[tuple[Role, FileKind, str], ...] = (
    (Role.RESOURCE, FileKind.MANIFEST, "a resource of '{}'"),
    (Role.PATCH, FileKind.PATCH, "a patch of '{}'"),
    (Role.CONFIGURATION, FileKind.KUSTOMIZE_CONFIG, "configures '{}'"),
    (Role.GENERATOR, FileKind.KUSTOMIZE_CONFIG, "a generator of '{}'"),
    (Role.VALUES, FileKind.VALUES, "values for '{}'"),
    (Role.GENERATOR_INPUT, FileKind.GENERATOR_INPUT, "data that '{}' puts into a generated object"),
)
"""What a file is to the one that refers to it; of several roles the first one here wins."""
_UNDECIDED = Verdict(FileKind.UNKNOWN, "not looked at yet")


class FileInfo(Struct, frozen=True):
    """One file: its kind, why it has that kind, and whether it is parsed and counts as checked."""

    path: str
    kind: FileKind
    why: str
    parsed: bool = False


class Inventory(Struct, frozen=True):
    """All files of a tree and what they say about each other.

    `skipped` and the paths whose `parsed` is true are disjoint; together with `problems` they
    account for every entry of the tree. `sources` are the files for the cluster, `charts` the
    directories with a Chart.yaml, `crds` the files that define custom resources: a change to one
    concerns objects anywhere. `references` are those of each kustomization by its path.
    """

    files: dict[str, FileInfo]
    skipped: tuple[Skip, ...] = ()
    sources: tuple[SourceFile, ...] = ()
    charts: frozenset[str] = frozenset()
    crds: tuple[str, ...] = ()
    references: dict[str, tuple[Reference, ...]] = field(default_factory=dict)
    deployments: tuple[Deployment, ...] = ()

    @property
    def problems(self) -> tuple[Finding, ...]:
        """What is wrong with the form of the files for the cluster. Parses them."""
        return tuple(problem for source in self.sources for problem in source.problems)

    def of(self, *kinds: FileKind) -> tuple[str, ...]:
        """The paths of the files that have one of the kinds, sorted."""
        return tuple(path for path, info in self.files.items() if info.kind in kinds)

    def kind(self, path: str) -> FileKind | None:
        """The kind of the file at `path`, or None when there is no such file."""
        info = self.files.get(path)
        return info.kind if info else None


def take_inventory(files: Files, config: Config, own_url: str = "") -> Inventory:
    """Look at every file of the tree. `own_url` is the address of the repository, if known; with
    it, deployers that read from other repositories are told apart. Never raises on bad content."""
    return _Taker(files, config, own_url).take()


_Roles = dict[str, dict[Role, str]]
"""For each file the roles it is wanted in, and by which file."""


class _Taker:
    def __init__(self, files: Files, config: Config, own_url: str) -> None:
        self._files, self._own_url = files, own_url
        self._places = Places(files)
        self._ignored = Globs(config.ignore)
        self._verdicts: dict[str, Verdict] = {}
        self._sources: dict[str, SourceFile] = {}
        self._unreadable: dict[str, UnreadableError] = {}

    def take(self) -> Inventory:
        entries = self._files.tree.entries()
        charts = frozenset(parent(entry.path) for entry in entries if name(entry.path) == CHART)
        later = [entry for entry in entries if not self._first_look(entry, charts)]
        references = {
            path: references_of(source)
            for path, source in self._sources.items()
            if is_kustomization(path)
        }
        self._by_role(self._mentioned(references))
        for entry in later:
            if self._verdicts[entry.path] is _UNDECIDED:
                self._verdicts[entry.path] = self._look_inside(entry)
        deployments = self._deployments(entries)
        self._by_role(self._value_files(deployments))
        self._deployed_text(deployments)
        return self._result(charts, references, deployments)

    def _first_look(self, entry: Entry, charts: frozenset[str]) -> bool:
        """Whether the file is judged: most need no look inside once a kustomization says what they
        are to it."""
        path = entry.path
        if entry.kind is EntryKind.LINK:
            self._verdicts[path] = self._link(entry)
        elif self._ignored.match(path):
            self._verdicts[path] = Verdict(FileKind.IGNORED, "left out by the configuration")
            if is_kustomization(path):
                self._parse(path)  # what is not ignored may build on it
        elif entry.kind is EntryKind.OTHER:
            self._verdicts[path] = Verdict(
                FileKind.UNREADABLE if is_yaml(path) or is_json(path) else FileKind.BINARY,
                "a FIFO, socket, submodule or a name that is not UTF-8",
            )
        elif is_kustomization(path):
            self._verdicts[path] = judge_name(path, charts) or self._look_inside(entry)
        else:
            self._verdicts[path] = judge_name(path, charts) or _UNDECIDED
        return self._verdicts[path] is not _UNDECIDED

    def _link(self, entry: Entry) -> Verdict:
        real = self._files.tree.resolve(entry.path)
        if real is None:
            return Verdict(FileKind.LINK, f"a link to '{entry.target}', which is not there")
        if is_kustomization(entry.path) and not self._places.is_directory(real):
            return self._look_inside(entry)  # kustomize reads it from where the link lies
        return Verdict(FileKind.LINK, f"a link to '{real or '.'}'")

    def _look_inside(self, entry: Entry) -> Verdict:
        path = entry.path
        if not is_yaml(path) and not is_json(path):
            return self._sniff(entry)
        if is_json(path) and not self._may_be_object(path):
            return Verdict(FileKind.DATA, "JSON without a Kubernetes object")
        source = self._parse(path)
        return judge_content(source) if source else Verdict(FileKind.UNREADABLE, "cannot be read")

    def _may_be_object(self, path: str) -> bool:
        try:
            data = self._files.tree.read(path)
        except UnreadableError:
            return True  # parsing reports it
        return b'"apiVersion"' in data or b'"op"' in data or b"sops" in data

    def _sniff(self, entry: Entry) -> Verdict:
        if entry.size > _SNIFF:
            return Verdict(FileKind.NOT_YAML, "not named as YAML or JSON")
        try:
            binary = b"\0" in self._files.tree.read(entry.path)[:8192]
        except UnreadableError:
            return Verdict(FileKind.NOT_YAML, "not named as YAML or JSON, and cannot be read")
        if binary:
            return Verdict(FileKind.BINARY, "has NUL bytes")
        return Verdict(FileKind.NOT_YAML, "not named as YAML or JSON")

    def _parse(self, path: str) -> SourceFile | None:
        if path not in self._sources and path not in self._unreadable:
            try:
                self._sources[path] = self._files.source(path)
            except UnreadableError as error:
                self._unreadable[path] = error
        return self._sources.get(path)

    def _deployments(self, entries: Iterable[Entry]) -> tuple[Deployment, ...]:
        deployers: list[Deployer] = []
        git_sources: list[flux.GitSource] = []
        copies: list[flux.Copy] = []
        for path in (entry.path for entry in entries):
            source = self._sources.get(path)
            if source is None or self._verdicts[path].kind is not FileKind.MANIFEST:
                continue
            if not (
                b"argoproj.io" in source.data
                or b"toolkit.fluxcd.io" in source.data
                or b"extensions.fluxcd.io" in source.data
            ):
                continue
            for manifest in manifests_of(source):
                found = flux.deployer_of(path, manifest)
                deployers += [found] if found else []
                deployers += argocd.deployers_of(path, manifest, self._places)
                git_source = flux.git_source_of(manifest)
                git_sources += [git_source] if git_source else []
                copies += flux.copies_of(path, manifest)
        origins = Origins(tuple(git_sources), tuple(copies), self._own_url)
        return resolve_deployers(deployers, self._places, origins)

    def _mentioned(self, references: dict[str, tuple[Reference, ...]]) -> _Roles:
        roles: _Roles = defaultdict(dict)
        for path, mentioned in references.items():
            for reference in mentioned:
                target = self._places.find(parent(path), reference.text)
                if target is not None:
                    roles[target].setdefault(reference.role, path)
        return roles

    def _value_files(self, deployments: Iterable[Deployment]) -> _Roles:
        roles: _Roles = defaultdict(dict)
        for deployment in deployments:
            for value, _, _ in deployment.values:
                target = self._files.tree.resolve(value)
                if target is not None:
                    roles[target].setdefault(Role.VALUES, deployment.deployer.path)
        return roles

    def _by_role(self, roles: _Roles) -> None:
        for target, known in roles.items():
            self._apply_role(target, known)

    def _apply_role(self, target: str, known: dict[Role, str]) -> None:
        before = self._verdicts.get(target)
        if before is None or is_kustomization(target) or before.kind is FileKind.IGNORED:
            return
        row = next((row for row in _BY_ROLE if row[0] in known), None)
        if row is None:
            return
        role, kind, why = row
        if role is Role.GENERATOR_INPUT and not (is_yaml(target) or is_json(target)):
            return
        source = self._parse(target)
        if source is not None and is_encrypted(source):
            kind, why = FileKind.SOPS, "encrypted with SOPS, used by '{}'"
        elif role is Role.RESOURCE and before.kind is FileKind.HELM_TEMPLATE:
            return
        self._verdicts[target] = Verdict(kind, why.format(known[role]))

    def _deployed_text(self, deployments: Iterable[Deployment]) -> None:
        """Text that cannot be parsed is at fault where a controller applies whole directories."""
        plain = sorted(
            {
                deployment.directory
                for deployment in deployments
                if deployment.directory is not None
                and not deployment.source.chart
                and deployment.directory not in ("",)
                and self._places.kustomization_in(deployment.directory) is None
            }
        )
        for path, verdict in self._verdicts.items():
            if verdict.kind is FileKind.TEMPLATE and any(within(path, d) for d in plain):
                self._verdicts[path] = Verdict(FileKind.MANIFEST, "in a directory that is deployed")

    def _result(
        self,
        charts: frozenset[str],
        references: dict[str, tuple[Reference, ...]],
        deployments: tuple[Deployment, ...],
    ) -> Inventory:
        infos: dict[str, FileInfo] = {}
        skipped: list[Skip] = []
        sources: list[SourceFile] = []
        for path, verdict in sorted(self._verdicts.items()):
            info, skip = self._settle(path, verdict)
            infos[path] = info
            skipped += [skip] if skip else []
            if verdict.kind in FOR_THE_CLUSTER and path in self._sources:
                sources.append(self._sources[path])
        crds = tuple(
            path
            for path, info in infos.items()
            if info.kind is FileKind.MANIFEST
            and path in self._sources
            and _CRD in self._sources[path].data
        )
        return Inventory(
            infos, tuple(skipped), tuple(sources), charts, crds, references, deployments
        )

    def _settle(self, path: str, verdict: Verdict) -> tuple[FileInfo, Skip | None]:
        kind, why = verdict.kind, verdict.why
        if kind in (FileKind.VALUES, FileKind.HELM_CHART) and is_yaml(path):
            self._parse(path)
        error = self._unreadable.get(path)
        if error is not None and kind in FOR_THE_CLUSTER | {FileKind.UNREADABLE}:
            return FileInfo(path, FileKind.UNREADABLE, str(error)), Skip(
                path, error.reason, str(error)
            )
        if kind is FileKind.UNREADABLE:
            return FileInfo(path, kind, why), Skip(path, "unreadable", why)
        if kind is FileKind.LINK:
            return FileInfo(path, kind, why), Skip(path, "not-yaml", why)
        reason = SKIP_REASONS.get(kind)
        source = self._sources.get(path)
        if source is not None and kind not in FOR_THE_CLUSTER and source.broken:
            reason = reason or "not-yaml"
        if reason is None and source is None:
            reason = "not-yaml"
        skip = Skip(path, reason, why) if reason else None
        return FileInfo(path, kind, why, parsed=skip is None), skip
