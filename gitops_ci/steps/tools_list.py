"""`tools list`: which external programs are found, where, and in which version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.model import exits

if TYPE_CHECKING:
    from gitops_ci.steps.world import World

USED = ("kustomize", "kubectl", "helm", "kubeconform", "git", "conftest", "gator", "kyverno")


@dataclass(frozen=True, slots=True)
class Inputs:
    """`tools list` takes no options."""


def run(_inputs: Inputs, world: World) -> int:
    """Always 0; one line per program on stdout."""
    from gitops_ci.tools.probe import probe

    lines = []
    for name in USED:
        path = world.programs.find(name)
        if path is None:
            lines.append(f"{name:<12}not found")
            continue
        version = probe(path)
        lines.append(f"{name:<12}{version.text if version else 'does not run'}  {path}")
    world.sink.result("\n".join(lines))
    return exits.OK
