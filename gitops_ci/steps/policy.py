"""`policy`: the policy part of `check`, with the same options."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gitops_ci.steps.check import Inputs

if TYPE_CHECKING:
    from gitops_ci.steps.world import World

__all__ = ["Inputs", "run"]


def run(inputs: Inputs, world: World) -> int:
    """The exit code of the verdict over the policy part alone."""
    from gitops_ci.steps.checking import check

    return check(replace(inputs, only=("policy",)), world, "policy")
