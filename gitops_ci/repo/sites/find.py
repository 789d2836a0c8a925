"""All sites of a repository."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from gitops_ci.config.model import Config
from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.manifests import ref_of, unfold
from gitops_ci.documents.values import Value
from gitops_ci.model.image import InvalidReferenceError, parse_name
from gitops_ci.model.span import Route
from gitops_ci.repo.classify import is_object
from gitops_ci.repo.environments import Environments
from gitops_ci.repo.files import Files
from gitops_ci.repo.inventory import Inventory
from gitops_ci.repo.kinds import FileKind
from gitops_ci.repo.lookup import Places
from gitops_ci.repo.names import CHART, is_json, is_kustomization, is_yaml
from gitops_ci.repo.paths import name, parent, parents
from gitops_ci.repo.sites.argocd import source_sites
from gitops_ci.repo.sites.charts import dependency_sites
from gitops_ci.repo.sites.declared import KIND as DECLARED
from gitops_ci.repo.sites.declared import declared_sites, is_declared
from gitops_ci.repo.sites.fields import walk_values
from gitops_ci.repo.sites.known import Known, look_around
from gitops_ci.repo.sites.kustomize import kustomization_sites
from gitops_ci.repo.sites.markers import with_markers
from gitops_ci.repo.sites.model import Address, Role, Site
from gitops_ci.repo.sites.objects import object_sites
from gitops_ci.repo.sites.owners import Owners
from gitops_ci.repo.sites.patches import patch_sites
from gitops_ci.repo.sites.signs import may_hold_sites
from gitops_ci.repo.sites.templates import Mention, mentions
from gitops_ci.repo.sites.text import Found, Inner, Scope, Text, text_at
from gitops_ci.repo.tree import UnreadableError

READ = (
    FileKind.MANIFEST,
    FileKind.KUSTOMIZATION,
    FileKind.COMPONENT,
    FileKind.PATCH,
    FileKind.KUSTOMIZE_CONFIG,
    FileKind.GENERATOR_INPUT,
    FileKind.HELM_CHART,
    FileKind.VALUES,
    FileKind.UNKNOWN,
    FileKind.SOPS,
)
"""Files in which versions are looked for."""
_VALUES = (FileKind.VALUES, FileKind.UNKNOWN, FileKind.GENERATOR_INPUT)
_ENCRYPTED = "the file is encrypted with SOPS, and a change breaks its checksum"
_COPY = "Flagger makes this copy of the workload"
_MOST_LEVELS = 4
_Within = tuple[tuple[int, Route], ...]


def find_sites(
    files: Files, inventory: Inventory, config: Config, environments: Environments
) -> tuple[Site, ...]:
    """Every site, in the order of paths and of the documents inside a file. Never raises on bad
    content: a file that cannot be read has no sites."""
    return SiteFinder(files, inventory, config, environments).find()


class SiteFinder:
    """Finds sites in the light of one tree: what its other files say about a file is known."""

    def __init__(
        self, files: Files, inventory: Inventory, config: Config, environments: Environments
    ) -> None:
        self.files, self.inventory, self.config = files, inventory, config
        self._sources = dict(self._readable())
        places = Places(files)

        def matching(pattern: str) -> Iterable[SourceFile]:
            return [files.source(path) for path, _ in places.files(pattern)]

        sources = self._sources
        self._known = look_around(sources.values(), _defaults(sources), matching)
        self._owners = Owners(inventory, environments)

    def find(self) -> tuple[Site, ...]:
        """Every site of the tree."""
        return self._collected(self._sources.values())

    def of(self, source: SourceFile) -> tuple[Site, ...]:
        """The sites of a file, which may hold another text than in the tree, as at an earlier
        revision: the rest of the tree is taken as it is."""
        found = self._collected((source,))
        return tuple(site for site in found if site.path == source.path)

    def mentions(self, repository: str) -> Iterator[Mention]:
        """Where templates of the tree name the normalised `repository`."""
        for mention in mentions(self.files, self.inventory, repository):
            yield replace(mention, site=self._owners.owned(mention.site))

    def _collected(self, sources: Iterable[SourceFile]) -> tuple[Site, ...]:
        found: dict[str, dict[Address, Site]] = {}
        for source in sources:
            for site in self._of_file(source, self._known):
                by_place = found.setdefault(site.path, {})
                known = by_place.get(_main(site))
                by_place[_main(site)] = site if known is None else _named_by(site, known)
        return tuple(
            self._owners.owned(site)
            for path in sorted(found)
            for site in _sorted(found[path].values())
        )

    def _readable(self) -> Iterator[tuple[str, SourceFile]]:
        for path in self.inventory.of(*READ, FileKind.DATA):
            if not is_yaml(path) and not is_json(path):
                continue
            if self.inventory.kind(path) is FileKind.DATA and not is_declared(path, self.config):
                continue
            try:
                yield path, self.files.source(path)
            except UnreadableError:
                continue

    def _of_file(self, source: SourceFile, known: Known) -> Iterator[Site]:
        text = Text(source)
        kind = self.inventory.kind(source.path)
        yield from declared_sites(text, self.config)
        if not may_hold_sites(source):
            return
        if kind is FileKind.DATA:
            return  # JSON without an object: only the configuration knows what in it is a version
        by_text: dict[_Within, list[Site]] = {(): []}
        for document in source.documents:
            for found in _of_document(Scope(text, document.index), document.value, kind, known):
                for site in _expand(found, known, by_text):
                    if site.path == source.path:
                        by_text.setdefault(site.parts[0].at.within, []).append(site)
                    else:
                        yield site
        for within, sites in by_text.items():
            at = text_at(source, within) or text
            for site in with_markers(at, tuple(sites), known):
                yield _judged(_named(site, known), kind, known)


def _of_document(
    scope: Scope, value: Value, kind: FileKind | None, known: Known
) -> Iterator[Found]:
    path = scope.text.path
    if kind is FileKind.HELM_CHART:
        yield from dependency_sites(scope, value)
    elif is_kustomization(path) and isinstance(value, dict) and kind is not FileKind.MANIFEST:
        yield from kustomization_sites(Scope(scope.text, scope.document, ref_of(value)), value)
    elif name(path).startswith(".argocd-source") and isinstance(value, dict):
        yield from source_sites(scope, value, ())
    elif isinstance(value, list):
        yield from patch_sites(scope, value, (), {}, known)
    elif kind in _VALUES and not is_object(value):
        yield from walk_values(scope, value, ())
    else:
        for manifest in unfold(value, scope.document, ()):
            own = Scope(scope.text, scope.document, ref_of(manifest.value))
            yield from object_sites(own, manifest.value, manifest.route, known)


def _expand(
    found: Found, known: Known, texts: dict[_Within, list[Site]], level: int = 0
) -> Iterator[Site]:
    """The site itself; for something inside an object what it holds, and its text among `texts`:
    only its markers may tell of a site."""
    if isinstance(found, Site):
        yield found
    elif level <= _MOST_LEVELS:
        texts.setdefault(found.scope.text.within, [])
        for inner in _inside(found, known):
            yield from _expand(inner, known, texts, level + 1)


def _inside(inner: Inner, known: Known) -> Iterator[Found]:
    scope, value = inner.scope, inner.value
    if is_object(value) and not inner.route:
        for manifest in unfold(value, scope.document, ()):
            own = Scope(scope.text, scope.document, ref_of(manifest.value))
            yield from object_sites(own, manifest.value, manifest.route, known)
    elif inner.kind == "patch":
        yield from patch_sites(scope, value, inner.route, inner.target, known)
    else:
        yield from walk_values(scope, value, inner.route)


def _named_by(site: Site, known: Site) -> Site:
    """What is `known` of a place already; `site` tells the name, where the configuration names the
    place and not the image."""
    if known.kind != DECLARED or known.name or known.patterns or not site.name:
        return known
    environment, app = known.environment or site.environment, known.app or site.app
    return replace(site, environment=environment, app=app)


def _named(site: Site, known: Known) -> Site:
    """A values file of a chart may give a tag alone: its name stands in the chart's own values."""
    if site.name or site.kind != "values" or site.parts[0].at.within:
        return site
    value = next((known.defaults[d] for d in parents(site.path) if d in known.defaults), None)
    tag = site.part(Role.TAG)
    if tag is None:
        return site
    for step in tag.at.route[:-1]:
        value = value.get(step) if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(value.get("repository"), str):
        return site
    registry = value.get("registry")
    full = f"{registry}/{value['repository']}" if isinstance(registry, str) and registry else ""
    return replace(site, name=_normal(full or value["repository"]))


def _normal(text: str) -> str:
    try:
        return parse_name(text).repository
    except InvalidReferenceError:
        return ""


def _judged(site: Site, kind: FileKind | None, known: Known) -> Site:
    """The site with the reason to leave it alone, if there is one."""
    refusal = site.refusal
    if kind is FileKind.SOPS:
        refusal = _ENCRYPTED
    elif site.object and site.object.name.removesuffix("-primary") in known.canaries:
        refusal = _COPY if site.object.name.endswith("-primary") else refusal
    return site if refusal == site.refusal else replace(site, refusal=refusal)


def _defaults(sources: dict[str, SourceFile]) -> dict[str, Value]:
    """The values of each chart of the repository, by its directory."""
    charts = {parent(path) for path in sources if name(path) == CHART}
    return {
        parent(path): source.documents[0].value
        for path, source in sources.items()
        if name(path) == "values.yaml" and parent(path) in charts and source.documents
    }


def _main(site: Site) -> Address:
    """The address that tells two sites apart: that of what will be written."""
    written = [part for part in site.parts if not part.missing]
    for role in (Role.REFERENCE, Role.TAG, Role.DIGEST, Role.NAME):
        for part in written:
            if part.role is role:
                return part.at
    return site.parts[0].at


def _sorted(sites: Iterable[Site]) -> list[Site]:
    def document(site: Site) -> int:
        at = site.parts[0].at
        return at.within[0][0] if at.within else at.document

    return sorted(sites, key=document)
