"""Small repositories in memory, observed as the step does."""

from __future__ import annotations

from collections.abc import Mapping

from gitops_ci.config.model import Config
from gitops_ci.documents.read import read
from gitops_ci.documents.splice import splice
from gitops_ci.documents.values import Value
from gitops_ci.promote.bump.overlays import Overlay, overridden, possible_entries
from gitops_ci.promote.bump.plan import Plan
from gitops_ci.promote.bump.planner import Facts
from gitops_ci.repo.environments import find_environments
from gitops_ci.repo.files import Files
from gitops_ci.repo.inventory import take_inventory
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.repo.sites.find import find_sites


def deployment(image: str, name: str = "web") -> str:
    """A Deployment with one container."""
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n"
        f"  template:\n    spec:\n      containers:\n      - name: {name}\n        image: {image}\n"
    )


def images(name: str, tag: str) -> str:
    """A kustomization that sets a tag."""
    return f"resources: [../../base]\nimages:\n- name: {name}\n  newTag: {tag}\n"


def yaml(text: str) -> Value:
    """The value of a text."""
    return read("x.yaml", text.encode()).documents[0].value


def facts(files: Mapping[str, str], overlays: tuple[Overlay, ...] = ()) -> Facts:
    """The planner's facts about `files`."""
    held = Files(MemoryTree(files))
    config = Config()
    inventory = take_inventory(held, config)
    sites = find_sites(held, inventory, config, find_environments(inventory, config))
    return Facts(
        sites,
        held.source,
        overridden(sites, overlays, lambda _path: files),
        lambda name, environment: possible_entries(name, environment, sites, overlays),
    )


def after(files: Mapping[str, str], plan: Plan) -> dict[str, str]:
    """The files that `plan` changes, as they will be."""
    paths = {edit.path for edit in plan.edits}
    return {
        path: splice(files[path].encode(), [e for e in plan.edits if e.path == path]).decode()
        for path in sorted(paths)
    }
