"""Which roots a change concerns, and where further ones may be found.

Most deployers stand in files, so the plan knows what they apply. Others appear only in rendered
output: a chart makes them from a template, an overlay or a substitution gives them another path.
The roots that hold such deployers are rendered for the sake of those of them that the change
concerns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import IntEnum

from msgspec import Struct

from gitops_ci.model.regex import regex
from gitops_ci.repo.deployments import Deployment
from gitops_ci.repo.files import Files
from gitops_ci.repo.graph import Graph, Node, scope, touches
from gitops_ci.repo.inventory import Inventory
from gitops_ci.repo.kinds import FileKind
from gitops_ci.repo.root_plan import PLAIN, PlannedRoot
from gitops_ci.repo.tree import UnreadableError

_DEPLOYER = regex(
    rb"kind[\"']?[ \t]*:[ \t]*[\"']?(?:Application|ApplicationSet|Kustomization|HelmRelease)\b"
)


class Concern(IntEnum):
    """What a change means for what a deployer applies."""

    NONE = 0
    HOLDS = 1
    """Nothing, but there are deployers in it that it may concern."""
    TOUCHED = 2


def _touched(_deployments: Iterable[Deployment]) -> Concern:
    return Concern.TOUCHED


class Carriers(Struct, frozen=True):
    """Roots that are rendered only for the deployers in their output; `concern` says which."""

    roots: tuple[PlannedRoot, ...] = ()
    concern: Callable[[Iterable[Deployment]], Concern] = _touched


NO_CARRIERS = Carriers()


class Selection(Struct, frozen=True):
    """The roots to render, and those to look through."""

    roots: tuple[PlannedRoot, ...]
    carriers: Carriers = NO_CARRIERS

    def within(self, other: Selection) -> Selection:
        """What both select: a root that one of them only looks through is looked through."""
        mine = {root.name for root in self.roots}
        its = {root.name for root in other.roots}
        its_all = its | {root.name for root in other.carriers.roots}
        everything = (*self.roots, *self.carriers.roots)
        both = tuple(root for root in everything if root.name in its_all)
        one, two = self.carriers.concern, other.carriers.concern
        return Selection(
            tuple(root for root in both if root.name in mine & its),
            Carriers(
                tuple(root for root in both if root.name not in mine & its),
                lambda deployments: min(one(deployments), two(deployments)),
            ),
        )

    def only(self, wanted: Callable[[PlannedRoot], bool]) -> Selection:
        """The part whose roots are `wanted`."""
        carriers = Carriers(tuple(filter(wanted, self.carriers.roots)), self.carriers.concern)
        return Selection(tuple(filter(wanted, self.roots)), carriers)


def select(
    roots: Iterable[PlannedRoot],
    graph: Graph,
    bearers: frozenset[str],
    changed: Iterable[str],
    listed: Iterable[str] = (),
) -> Selection:
    """The roots whose result can differ when the files `changed` do; `listed` are those of them
    that were added or removed. `bearers` are the files with deployers in them."""
    paths, names = graph.with_links(changed), tuple(listed)
    chosen, carriers = [], []
    for root in roots:
        closure = graph.closure(root.starts)
        own = root.deployer is not None and root.deployer.path in paths
        if own or touches(closure, paths, names):
            chosen.append(root)
        elif root.kind != PLAIN and not bearers.isdisjoint(closure):
            carriers.append(root)

    def concern(deployments: Iterable[Deployment]) -> Concern:
        nodes = graph.closure(node for deployment in deployments for node in _starts(deployment))
        if touches(nodes, paths, names):
            return Concern.TOUCHED
        return Concern.NONE if bearers.isdisjoint(nodes) else Concern.HOLDS

    return Selection(tuple(chosen), Carriers(tuple(carriers), concern))


def _starts(deployment: Deployment) -> Iterable[Node]:
    """What a deployment may read: rather too much than too little."""
    if deployment.directory is not None:
        yield scope(deployment.directory)
    yield from (path for path, _, _ in deployment.values)
    yield from (scope(path) for path, _ in deployment.components)


def bearers_of(files: Files, inventory: Inventory) -> frozenset[str]:
    """The files with deployers in them, and the parts of charts that make some."""
    written = {deployment.deployer.path for deployment in inventory.deployments}
    parts = inventory.of(FileKind.HELM_TEMPLATE, FileKind.VALUES)
    return frozenset(written).union(path for path in parts if _makes_deployers(files, path))


def _makes_deployers(files: Files, path: str) -> bool:
    try:
        return bool(_DEPLOYER.search(files.tree.read(path)))
    except UnreadableError:
        return False
