"""Build the dependency graph of a tree from its inventory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from gitops_ci.documents.values import Value
from gitops_ci.model.span import Route
from gitops_ci.repo.deployers import FLUX_HELMRELEASE, FLUX_KUSTOMIZATION, mapping, sequence, text
from gitops_ci.repo.deployments import Deployment
from gitops_ci.repo.files import Files
from gitops_ci.repo.graph import Edge, External, Graph, Mention, Missing, Node, scope
from gitops_ci.repo.inventory import Inventory
from gitops_ci.repo.kinds import FileKind
from gitops_ci.repo.lookup import Places
from gitops_ci.repo.names import CHART, is_json, is_yaml
from gitops_ci.repo.paths import join, name, parent, parents
from gitops_ci.repo.references import Reference, Role, looks_remote
from gitops_ci.repo.tree import EntryKind, UnreadableError

_BUILT = (Role.RESOURCE, Role.COMPONENT, Role.CONFIGURATION, Role.GENERATOR)
"""Where a directory may be named, kustomize builds the kustomization in it."""
_MAX_LINKS = 40


def build_graph(files: Files, inventory: Inventory) -> Graph:
    """The graph of the tree. Edges point at files that exist; everything else is recorded as
    external or missing, with its place."""
    return _Builder(files, inventory).build()


class _Builder:
    def __init__(self, files: Files, inventory: Inventory) -> None:
        self._files, self._inventory = files, inventory
        self._places = Places(files)
        self._edges: dict[str, list[Edge]] = defaultdict(list)
        self._missing: dict[str, list[Missing]] = defaultdict(list)
        self._external: list[External] = []
        self._has_links = bool(inventory.of(FileKind.LINK))

    def build(self) -> Graph:
        for path, references in self._inventory.references.items():
            for reference in references:
                for mention in self._kustomize(path, reference):
                    self._add(mention)
        for chart in self._inventory.charts:
            for mention in self._chart(chart):
                self._add(mention)
        for entry in self._files.tree.entries():
            if entry.kind is EntryKind.LINK:
                self._link(entry.path)
        deployed = tuple((d, tuple(self._deployment(d))) for d in self._inventory.deployments)
        return Graph(
            tuple(self._inventory.files),
            {path: tuple(edges) for path, edges in self._edges.items()},
            tuple(self._external),
            {path: tuple(missing) for path, missing in self._missing.items()},
            deployed,
        )

    def _add(self, mention: Mention) -> None:
        if isinstance(mention, Edge):
            self._edges[mention.source].append(mention)
        elif isinstance(mention, Missing):
            self._missing[mention.source].append(mention)
        else:
            self._external.append(mention)

    def _kustomize(self, source: str, reference: Reference) -> Iterator[Mention]:
        at = (reference.role, reference.document, reference.route)
        joined = join(parent(source), reference.text)
        real = self._places.tree.resolve(joined) if joined is not None else None
        if joined is not None and self._has_links:
            for link in self._links_on(joined):
                yield Edge(source, link, *at)
        if reference.role is Role.CHART:
            yield from self._inflated(source, reference, joined, real)
        elif real is None:
            if looks_remote(reference.text):
                yield External(source, reference.text, "remote-base", *at)
            else:
                yield Missing(source, reference.text, joined, *at)
        elif not self._places.is_directory(real):
            yield Edge(source, real, *at)
        else:
            inner = self._places.kustomization_in(real) if reference.role in _BUILT else None
            if inner is None:
                yield Missing(source, reference.text, real, *at)
            else:
                yield Edge(source, inner, *at)

    def _inflated(
        self, source: str, reference: Reference, joined: str | None, real: str | None
    ) -> Iterator[Mention]:
        at = (reference.role, reference.document, reference.route)
        if real is not None and real in self._inventory.charts:
            yield Edge(source, scope(real), *at)
        else:
            yield External(source, name(joined or reference.text), "remote-chart", *at)

    def _links_on(self, path: str) -> Iterator[str]:
        """The links that resolving `path` goes through: changing one changes what is found."""
        for _ in range(_MAX_LINKS):
            chain = (path, *parents(path))
            link = next(
                (
                    part
                    for part in reversed(chain)
                    if (entry := self._places.tree.entry(part)) and entry.kind is EntryKind.LINK
                ),
                None,
            )
            if link is None:
                return
            yield link
            entry = self._places.tree.entry(link)
            target = join(parent(link), entry.target) if entry else None
            if target is None:
                return
            path = f"{target}{path[len(link) :]}"

    def _link(self, path: str) -> None:
        real = self._places.tree.resolve(path)
        if real is not None:
            node = scope(real) if self._places.is_directory(real) else real
            self._add(Edge(path, node, Role.LINK))

    def _chart(self, chart: str) -> Iterator[Mention]:
        source = f"{chart}/{CHART}" if chart else CHART
        try:
            documents = self._files.source(source).documents
        except UnreadableError:
            return
        yield Edge(source, scope(chart), Role.CHART)
        for document in documents:
            dependencies = sequence(mapping(document.value).get("dependencies"))
            for index, dependency in enumerate(dependencies):
                route: Route = ("dependencies", index, "repository")
                yield from self._dependency(source, mapping(dependency), document.index, route)

    def _dependency(
        self, source: str, value: dict[str, Value], document: int, route: Route
    ) -> Iterator[Mention]:
        """A dependency by `file://` path; one that lies in `charts/` is inside the chart anyway."""
        repository = text(value.get("repository"))
        if not repository.startswith("file://"):
            vendored = self._places.find(parent(source), f"charts/{text(value.get('name'))}")
            if repository and vendored is None:
                yield External(source, repository, "remote-chart", Role.CHART, document, route)
            return
        joined = join(parent(source), repository.removeprefix("file://"))
        real = self._places.tree.resolve(joined) if joined is not None else None
        if real is None:
            yield Missing(source, repository, joined, Role.CHART, document, route)
        else:
            yield Edge(source, scope(real), Role.CHART, document, route)

    def _deployment(self, deployment: Deployment) -> Iterator[Node]:
        """The nodes that the deployment renders from; they are edges of its file, too."""
        source, document = deployment.deployer.path, deployment.deployer.document
        route = deployment.source.route
        written = deployment.source.path
        if deployment.external:
            shown = deployment.source.url or deployment.source.reference or written or ""
            self._add(External(source, shown, deployment.external, Role.DEPLOYS, document, route))
        elif deployment.directory is None and written is not None:
            target = join("", written.lstrip("/"))
            self._add(Missing(source, written, target, Role.DEPLOYS, document, route))
        if deployment.directory is not None:
            for node in self._content(deployment, deployment.directory):
                self._add(Edge(source, node, Role.DEPLOYS, document, route))
                yield node
        for value, at, optional in deployment.values:
            real = self._places.tree.resolve(value)
            yield value if real is None else real
            if real is None and not optional:
                self._add(Missing(source, value, value, Role.VALUES, document, at))
        for component, at in deployment.components:
            real = self._places.tree.resolve(component)
            inner = self._places.kustomization_in(real) if real is not None else None
            yield component if inner is None else inner
            if inner is None:
                self._add(Missing(source, component, component, Role.COMPONENT, document, at))

    def _content(self, deployment: Deployment, directory: str) -> Iterator[Node]:
        kustomization = self._places.kustomization_in(directory)
        if directory in self._inventory.charts and (
            deployment.deployer.kind == FLUX_HELMRELEASE or kustomization is None
        ):
            yield scope(directory)
        elif kustomization is not None:
            yield kustomization
        elif deployment.deployer.kind == FLUX_KUSTOMIZATION:
            yield f"{directory}/*"
            yield from flux_content(self._places, directory)
        elif deployment.source.recurse:
            yield scope(directory)
        else:
            yield f"{directory}/*"
            yield from (p for p in self._places.by_directory.get(directory, ()) if _is_text(p))


def _is_text(path: str) -> bool:
    return is_yaml(path) or is_json(path)


def flux_content(places: Places, directory: str) -> Iterator[str]:
    """What kustomize-controller puts into the kustomization that it generates for a directory
    without one: the topmost kustomizations below it, and the manifests outside of those.
    Source: fluxcd/pkg kustomize generator."""
    built: set[str] = set()
    for path in places.below(directory):
        above = [d for d in parents(path) if len(d) > len(directory)]
        top = next((d for d in reversed(above) if places.kustomization_in(d) is not None), None)
        if top is None:
            if is_yaml(path):
                yield path
        elif top not in built:
            built.add(top)
            inner = places.kustomization_in(top)
            assert inner is not None
            yield inner
