"""Small repositories in memory, and everything that is known about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gitops_ci.config.model import Config
from gitops_ci.repo.environments import Environments, find_environments
from gitops_ci.repo.files import Files
from gitops_ci.repo.graph import Graph
from gitops_ci.repo.graph_build import build_graph
from gitops_ci.repo.inventory import Inventory, take_inventory
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.repo.root_plan import PlannedRoot, RootPlan
from gitops_ci.repo.roots import find_roots


@dataclass(frozen=True)
class World:
    """A repository, looked at from every side."""

    files: Files
    inventory: Inventory
    graph: Graph
    environments: Environments
    plan: RootPlan

    def kind(self, path: str) -> str:
        """The word for the kind of the file."""
        return self.inventory.files[path].kind.value

    def roots(self) -> dict[str, PlannedRoot]:
        """The roots by their name; of several with one name the last."""
        return {root.name: root for root in self.plan.roots}

    def skips(self) -> dict[str, str]:
        """Path to reason of everything that was skipped."""
        skipped = (*self.inventory.skipped, *self.plan.skipped)
        return {skip.path: skip.reason for skip in skipped}


def look(
    files: Mapping[str, str | bytes],
    config: Config | None = None,
    links: Mapping[str, str] | None = None,
    own_url: str = "",
) -> World:
    """The world of `files`."""
    settings = config or Config()
    source = Files(MemoryTree(files, links))
    inventory = take_inventory(source, settings, own_url)
    graph = build_graph(source, inventory)
    environments = find_environments(inventory, settings)
    plan = find_roots(source, inventory, graph, settings, environments)
    return World(source, inventory, graph, environments, plan)


def manifest(kind: str = "ConfigMap", name: str = "x", **top: str) -> str:
    """A small object."""
    lines = ["apiVersion: v1", f"kind: {kind}", "metadata:", f"  name: {name}"]
    return "\n".join([*lines, *(f"{key}: {value}" for key, value in top.items()), ""])


def kustomization(*resources: str, kind: str = "Kustomization", more: str = "") -> str:
    """A kustomization with the given resources."""
    head = f"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: {kind}\n"
    return head + _list("resources", resources) + more


def flux_kustomization(name: str, path: str | None, more: str = "", source: str = "") -> str:
    """A Flux Kustomization that applies `path`."""
    where = f"  path: {path}\n" if path is not None else ""
    return (
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
        f"metadata: {{name: {name}, namespace: flux-system}}\n"
        f"spec:\n{where}  sourceRef: {{kind: GitRepository, name: {source or 'flux-system'}}}\n"
        f"{more}"
    )


def application(name: str, path: str, cluster: str = "", more: str = "", url: str = "") -> str:
    """An Argo CD Application that applies `path`."""
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
        f"metadata: {{name: {name}, namespace: argocd}}\n"
        f"spec:\n  destination: {{name: '{cluster}', namespace: {name}}}\n"
        f"  source:\n    repoURL: {url or 'https://example.com/org/deploy.git'}\n"
        f"    path: {path}\n{more}"
    )


def chart(name: str, more: str = "") -> str:
    """A Chart.yaml."""
    return f"apiVersion: v2\nname: {name}\nversion: 1.0.0\n{more}"


def _list(key: str, items: Iterable[str]) -> str:
    entries = "".join(f"  - {item}\n" for item in items)
    return f"{key}:\n{entries}" if entries else ""
