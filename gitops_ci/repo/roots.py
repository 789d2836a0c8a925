"""What is rendered: that which something deploys, and what nothing deploys but stands alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from gitops_ci.config.model import Config
from gitops_ci.documents.values import Value
from gitops_ci.model.skip import Skip
from gitops_ci.repo.deployers import mapping, text
from gitops_ci.repo.deployments import Deployment
from gitops_ci.repo.environments import Environments
from gitops_ci.repo.files import Files
from gitops_ci.repo.graph import Graph, Node, scope
from gitops_ci.repo.inventory import Inventory
from gitops_ci.repo.kinds import FileKind
from gitops_ci.repo.names import CHART
from gitops_ci.repo.paths import name, parent, parents
from gitops_ci.repo.references import Role
from gitops_ci.repo.root_plan import (
    CHART_ROOT,
    KUSTOMIZE,
    PLAIN,
    PlannedRoot,
    RootPlan,
    mark_nested,
)
from gitops_ci.repo.root_rules import configured_roots
from gitops_ci.repo.tree import UnreadableError


def find_roots(
    files: Files,
    inventory: Inventory,
    graph: Graph,
    config: Config,
    environments: Environments,
) -> RootPlan:
    """The roots of the tree: deployers first, then the configuration's `roots`, then kustomizations
    that nothing includes, charts that nothing uses, and manifests that no root covers."""
    return _Finder(files, inventory, graph, config, environments).find()


class _Finder:
    def __init__(
        self,
        files: Files,
        inventory: Inventory,
        graph: Graph,
        config: Config,
        environments: Environments,
    ) -> None:
        self._files, self._inventory, self._graph = files, inventory, graph
        self._config, self._environments = config, environments
        self._roots: list[PlannedRoot] = []
        self._covered: set[Node] = set()
        self._directories: set[str] = set()
        self._skipped: list[Skip] = []

    def find(self) -> RootPlan:
        for step in (
            self._deployed,
            self._configured,
            self._kustomizations,
            self._charts,
            self._plain,
        ):
            for root in step():
                self._roots.append(root)
                self._covered |= self._graph.closure(root.starts)
                self._directories.add(root.path)
        roots = mark_nested(self._roots, self._graph)
        roots.sort(key=lambda root: (root.path, root.kind, root.name, root.values))
        return RootPlan(tuple(roots), tuple(self._skipped))

    def _deployed(self) -> list[PlannedRoot]:
        groups: dict[tuple[int, str], list[tuple[Deployment, tuple[Node, ...]]]] = defaultdict(list)
        for deployment, nodes in self._graph.deployed:
            guess = (deployment.directory or "") if deployment.guessed else ""
            groups[id(deployment.deployer), guess].append((deployment, nodes))
        roots = []
        for group in groups.values():
            directories = [d.directory for d, _ in group if d.directory is not None]
            if directories:
                roots.append(self._root_of(group, directories[0]))
            else:
                self._skip_remote(group[0][0])
        return roots

    def _root_of(
        self, group: list[tuple[Deployment, tuple[Node, ...]]], directory: str
    ) -> PlannedRoot:
        deployments = tuple(deployment for deployment, _ in group)
        deployer = deployments[0].deployer
        return PlannedRoot(
            directory,
            deployer.kind,
            self._environments.of_deployer(deployer, directory),
            self._environments.app_of(directory, deployer.ref.name),
            deployer,
            deployments,
            values=tuple(value for d in deployments for value, _, _ in d.values),
            release=deployer.release,
            namespace=deployer.destination.namespace,
            starts=tuple(node for _, nodes in group for node in nodes),
            why=f"{deployer.ref} deploys it",
        )

    def _skip_remote(self, deployment: Deployment) -> None:
        if deployment.external:
            origin = deployment.source.url or deployment.source.reference.replace("//", "/")
            detail = f"{deployment.deployer.ref} takes it from {origin}" if origin else ""
            self._skipped.append(Skip(deployment.deployer.name, deployment.external, detail))

    def _configured(self) -> Iterator[PlannedRoot]:
        for rule in configured_roots(self._config.roots, self._files.tree):
            starts = (scope(rule.directory), *rule.values)
            inner = self._kustomization(rule.directory)
            kind = CHART_ROOT if rule.chart else KUSTOMIZE if inner else PLAIN
            files = self._manifests_in(rule.directory) if kind == PLAIN else ()
            yield PlannedRoot(
                rule.directory,
                kind,
                rule.environment or self._environments.of(rule.directory),
                rule.app or self._environments.app_of(rule.directory),
                values=rule.values,
                release=rule.release or name(rule.directory),
                namespace=rule.namespace,
                files=files,
                starts=starts if inner is None or rule.chart else (inner,),
                why="the configuration lists it",
            )

    def _kustomization(self, directory: str) -> str | None:
        return next((p for p in self._built() if parent(p) == directory), None)

    def _built(self) -> tuple[str, ...]:
        return self._inventory.of(FileKind.KUSTOMIZATION)

    def _manifests_in(self, directory: str) -> tuple[str, ...]:
        below = self._graph.below(scope(directory))
        return tuple(p for p in below if self._inventory.kind(p) is FileKind.MANIFEST)

    def _kustomizations(self) -> Iterator[PlannedRoot]:
        """Those that nothing includes. In a circle each one is included: its first one is taken,
        so that the circle is rendered and found. A component includes only where it is used."""
        users: dict[str, list[str]] = defaultdict(list)
        built = self._built()
        for source in built:
            for edge in self._graph.edges.get(source, ()):
                if edge.role in (Role.RESOURCE, Role.COMPONENT):
                    users[edge.target].append(source)
        left = [path for path in built if path not in self._covered]
        leaves = [path for path in left if not users[path]]
        reached = set(self._graph.closure(leaves))
        for path in left:
            if path not in reached and path not in leaves:
                leaves.append(path)
                reached |= self._graph.closure((path,))
        for path in leaves:
            yield self._kustomize_root(path)
        chosen = set(leaves)
        for path in built:
            if path not in chosen and parent(path) not in self._directories:
                user = next(iter(users[path]), "another root")
                detail = f"part of '{parent(user) or '.'}'"
                self._skipped.append(Skip(parent(path) or ".", "base", detail))

    def _kustomize_root(self, path: str) -> PlannedRoot:
        directory = parent(path)
        return PlannedRoot(
            directory,
            KUSTOMIZE,
            self._environments.of(directory),
            self._environments.app_of(directory),
            starts=(path,),
            why="a kustomization that nothing else includes",
        )

    def _charts(self) -> Iterator[PlannedRoot]:
        for chart in sorted(self._inventory.charts - self._parts()):
            path = f"{chart}/{CHART}" if chart else CHART
            if path in self._covered:
                continue
            value = self._chart_file(path)
            if text(value.get("type")) == "library" or not text(value.get("name")):
                continue
            variants = self._environments.variants(chart, self._inventory)
            for environment, values in variants:
                yield PlannedRoot(
                    chart,
                    CHART_ROOT,
                    environment or self._environments.of(chart),
                    self._environments.app_of(chart, text(value.get("name"))),
                    values=values,
                    release=text(value.get("name")),
                    starts=(scope(chart), *values),
                    why="a chart that nothing here deploys",
                )

    def _parts(self) -> frozenset[str]:
        """The charts that are vendored in another one, or that another one takes by path."""
        charts = self._inventory.charts
        vendored = {
            chart
            for chart in charts
            for above in parents(chart)
            if name(above) == "charts" and parent(above) in charts
        }
        taken = {
            edge.target.removesuffix("/")
            for source, edges in self._graph.edges.items()
            for edge in edges
            if edge.role is Role.CHART and edge.target != scope(parent(source))
        }
        return frozenset(vendored | taken)

    def _chart_file(self, path: str) -> dict[str, Value]:
        try:
            documents = self._files.source(path).documents
        except UnreadableError:
            return {}
        return mapping(documents[0].value) if documents else {}

    def _plain(self) -> Iterator[PlannedRoot]:
        """Manifests that no root covers, by directory. What only an unused component lists is not
        among them: it may be half of an object."""
        half = self._of_unused_components()
        groups: dict[tuple[str, str], list[str]] = defaultdict(list)
        for path in self._inventory.of(FileKind.MANIFEST):
            if path in self._covered:
                continue
            if path in half:
                self._skipped.append(Skip(path, "component", "only an unused component lists it"))
                continue
            groups[parent(path), self._environments.of(path)].append(path)
        for (directory, environment), paths in sorted(groups.items()):
            yield PlannedRoot(
                directory,
                PLAIN,
                environment,
                self._environments.app_of(directory),
                files=tuple(paths),
                starts=(*paths, f"{directory}/*"),
                why="manifests that nothing includes",
            )

    def _of_unused_components(self) -> frozenset[Node]:
        unused = [p for p in self._inventory.of(FileKind.COMPONENT) if p not in self._covered]
        return self._graph.closure(unused)
