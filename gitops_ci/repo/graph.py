"""Which file depends on which: the reason why a change to one file concerns a root far away."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from gitops_ci.documents.locate import locate
from gitops_ci.model.span import Location, Route
from gitops_ci.repo.deployments import Deployment
from gitops_ci.repo.files import Files
from gitops_ci.repo.paths import parents
from gitops_ci.repo.references import Role
from gitops_ci.repo.tree import UnreadableError

Node = str
"""A file's path; `dir/` for everything below a directory (`/` for all files); `dir/*` for the list
of what is below it, which matters when something is added or removed."""


_APART = (Role.DEPLOYS, Role.LINK)
"""Edges that a closure does not follow: what is deployed is a root of its own, and a file that is
reached through a link is named by an edge of its own, beside the one to the link."""


class Edge(Struct, frozen=True):
    """`source`, a file, uses `target`, a node. `document` and `route` say where it says so; a link
    says it with its target."""

    source: str
    target: Node
    role: Role
    document: int = 0
    route: Route = ()


class External(Struct, frozen=True):
    """A mention of something outside the repository; `reason` is one of model/skip.py."""

    source: str
    text: str
    reason: str
    role: Role
    document: int = 0
    route: Route = ()


class Missing(Struct, frozen=True):
    """A mention of something that ought to lie in the repository and does not. `target` is the
    path, or None when it would lie outside of the repository."""

    source: str
    text: str
    target: str | None
    role: Role
    document: int = 0
    route: Route = ()


Mention = Edge | External | Missing


class Graph(Struct, frozen=True):
    """The dependencies of one tree. `deployed` holds for each deployment the nodes that its
    rendering starts from; `paths` are all files, sorted."""

    paths: tuple[str, ...]
    edges: dict[str, tuple[Edge, ...]] = field(default_factory=dict)
    external: tuple[External, ...] = ()
    missing: dict[str, tuple[Missing, ...]] = field(default_factory=dict)
    deployed: tuple[tuple[Deployment, tuple[Node, ...]], ...] = ()

    def closure(self, starts: Iterable[Node]) -> frozenset[Node]:
        """Every node that rendering from `starts` may read: files, directory nodes, and the paths
        of missing files. What a deployer among them deploys is not part of it: that is a root of
        its own."""
        seen: set[Node] = set()
        pending = deque(starts)
        while pending:
            node = pending.popleft()
            if node in seen:
                continue
            seen.add(node)
            if node.endswith("/"):
                pending.extend(self.below(node))
                continue
            pending.extend(e.target for e in self.edges.get(node, ()) if e.role not in _APART)
            seen.update(m.target for m in self.missing.get(node, ()) if m.target is not None)
        return frozenset(seen)

    def below(self, node: Node) -> Iterator[str]:
        """The files of a directory node."""
        prefix = "" if node == "/" else node
        for index in range(bisect_left(self.paths, prefix), len(self.paths)):
            path = self.paths[index]
            if not path.startswith(prefix):
                return
            yield path

    def with_links(self, paths: Iterable[str]) -> tuple[str, ...]:
        """`paths` and the links to them: who reads through a link sees the change, too."""
        known = set(paths)
        links = (
            edge.source
            for edges in self.edges.values()
            for edge in edges
            if edge.role is Role.LINK and edge.target in known
        )
        return tuple(sorted(known.union(links)))

    def dependents(self, paths: Iterable[str]) -> frozenset[str]:
        """The files that use one of `paths`, directly or through others, and `paths` themselves."""
        users: dict[str, list[str]] = {}
        scopes: dict[str, list[str]] = {}
        for source, edges in self.edges.items():
            for edge in edges:
                side = scopes if edge.target.endswith("/") else users
                side.setdefault(edge.target, []).append(source)
        for source, lacks in self.missing.items():
            for missing in lacks:
                if missing.target is not None:
                    users.setdefault(missing.target, []).append(source)
        seen: set[str] = set()
        pending = deque(paths)
        while pending:
            path = pending.popleft()
            if path in seen:
                continue
            seen.add(path)
            pending.extend(users.get(path, ()))
            for directory in parents(path):
                pending.extend(scopes.get(f"{directory}/", ()))
        return frozenset(seen)


def touches(nodes: frozenset[Node], changed: Iterable[str], listed: Iterable[str] = ()) -> bool:
    """Whether a change to the files `changed` can matter to what reads `nodes`. `listed` are the
    paths that were added or removed; they may lie where only the list of files counts."""
    for path in changed:
        if path in nodes or any(f"{directory}/" in nodes for directory in parents(path)):
            return True
    return any(f"{directory}/*" in nodes for path in listed for directory in parents(path))


def location(mention: Mention, files: Files) -> Location:
    """The exact place of a mention in its file."""
    try:
        source = files.source(mention.source)
    except UnreadableError:
        return Location(mention.source)
    return locate(source, mention.document, mention.route).location


def scope(directory: str) -> Node:
    """The node of everything below a directory."""
    return f"{directory}/"
