"""Roots as they are planned, before anything is rendered."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.model.skip import Skip
from gitops_ci.repo.deployers import Deployer
from gitops_ci.repo.deployments import Deployment
from gitops_ci.repo.graph import Graph, Node

KUSTOMIZE = "kustomize"
PLAIN = "plain"
CHART_ROOT = "chart"


class PlannedRoot(Struct, frozen=True):
    """Something to render.

    `path` is its directory, `kind` a word of render's RootKind. A root with a `deployer` is what
    that object makes its controller apply; `deployments` are then its sources that lie here.
    `nested` says that the deployer is itself part of another root, whose rendered output shows it
    as the cluster sees it (patched, substituted): that form counts, and this one only if no output
    holds it. `values`, `release` and `namespace` are for charts; `files` are the manifests of a
    plain root. `starts` are the nodes of the graph that its rendering begins with, and `why` says
    in a phrase how it was found.
    """

    path: str
    kind: str
    environment: str = ""
    app: str = ""
    deployer: Deployer | None = None
    deployments: tuple[Deployment, ...] = ()
    nested: bool = False
    values: tuple[str, ...] = ()
    release: str = ""
    namespace: str = ""
    files: tuple[str, ...] = ()
    starts: tuple[Node, ...] = ()
    why: str = ""

    @property
    def name(self) -> str:
        """How reports call it."""
        return self.deployer.name if self.deployer else self.path or "."


class RootPlan(Struct, frozen=True):
    """All roots, sorted, and what is rightly or necessarily no root. A file that `skipped` names is
    not checked, although it was parsed."""

    roots: tuple[PlannedRoot, ...]
    skipped: tuple[Skip, ...] = ()


def mark_nested(roots: list[PlannedRoot], graph: Graph) -> list[PlannedRoot]:
    """The roots with `nested` set where another root renders their deployer's object. Of roots that
    hold each other in a circle the first one stays unmarked: each is reached from somewhere."""
    holders: dict[str, list[int]] = {}
    for index, root in enumerate(roots):
        if root.deployer is not None:
            holders.setdefault(root.deployer.path, []).append(index)
    files = frozenset(holders)
    held = [
        {other for path in files & graph.closure(root.starts) for other in holders[path]}
        for root in roots
    ]
    inside = {other for index, others in enumerate(held) for other in others if other != index}
    free = [index for index in range(len(roots)) if index not in inside]
    entries: set[int] = set()
    reached: set[int] = set()
    for index in (*free, *range(len(roots))):
        if index not in reached:
            entries.add(index)
            _reach(index, held, reached)
    return [
        root if index in entries else replace(root, nested=True) for index, root in enumerate(roots)
    ]


def _reach(start: int, held: list[set[int]], reached: set[int]) -> None:
    pending = [start]
    while pending:
        index = pending.pop()
        if index not in reached:
            reached.add(index)
            pending.extend(held[index])
