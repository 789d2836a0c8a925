"""`doctor`: is the gate really enforced, and what is missing around it, one line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `doctor`."""

    check: tuple[str, ...] = option(
        (), "a check that has to be required, when it is not the one that is found", metavar="NAME"
    )
    branch: str = option("", "the branch to look at, by default the main one", metavar="BRANCH")
    require_enforced: bool = option(False, "exit 1 when the gate can be bypassed")
    format: str = option("text", "what to print", choices=("text", "json"), metavar="FORMAT")


def run(inputs: Inputs, world: World) -> int:
    """0, with --require-enforced 1 when something lets a merge go around the gate."""
    from gitops_ci.steps.doctor_run import doctor

    return doctor(inputs, world)
