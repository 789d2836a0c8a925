"""One state of the repository with everything that is known about it before rendering."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from gitops_ci.config.model import Config
from gitops_ci.repo.environments import Environments, find_environments
from gitops_ci.repo.files import Files
from gitops_ci.repo.graph import Graph
from gitops_ci.repo.graph_build import build_graph
from gitops_ci.repo.inventory import Inventory, take_inventory
from gitops_ci.repo.root_plan import RootPlan
from gitops_ci.repo.roots import find_roots
from gitops_ci.repo.tree import Tree

if TYPE_CHECKING:
    from gitops_ci.repo.affected import Selection


class Snapshot(Struct, frozen=True):
    """The files, what they are, how they depend on each other, and what would be rendered."""

    files: Files
    config: Config
    inventory: Inventory
    graph: Graph
    environments: Environments
    plan: RootPlan

    def affected(self, changed: frozenset[str], listed: frozenset[str]) -> Selection:
        """The roots that a change to `changed` can alter; `listed` of them came or went. The
        definition of a kind, or another fetched chart, concerns every root."""
        from gitops_ci.render.fetched.lock import PATH as FETCHED
        from gitops_ci.repo.affected import Selection, bearers_of, select

        if not changed.isdisjoint((*self.inventory.crds, FETCHED)):
            return Selection(self.plan.roots)
        bearers = bearers_of(self.files, self.inventory)
        return select(self.plan.roots, self.graph, bearers, changed, listed)


def take_snapshot(
    tree: Tree, config: Config, own_url: str = "", twin: Files | None = None
) -> Snapshot:
    """Read `tree`; never raises on bad content. Files that are the same in `twin` are not parsed
    again."""
    files = Files(tree, twin)
    inventory = take_inventory(files, config, own_url)
    graph = build_graph(files, inventory)
    environments = find_environments(inventory, config)
    plan = find_roots(files, inventory, graph, config, environments)
    return Snapshot(files, config, inventory, graph, environments, plan)
