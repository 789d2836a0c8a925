"""`unhold`: an app may move again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.steps.change_options import (
    by_option,
    forge_option,
    plan_format_option,
    pr_option,
    write_option,
)
from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `unhold`."""

    env: tuple[str, ...] = option((), "in this environment", metavar="ENV")
    app: tuple[str, ...] = option((), "this app; all apps when empty", metavar="APP")
    version: tuple[str, ...] = option(
        (),
        "let this in again although somebody went back from it by hand",
        metavar="VERSION",
    )
    reason: str = option("", "why, for --version", metavar="TEXT")
    by: str = by_option()
    write: bool = write_option()
    pr: bool = pr_option()
    forge: str = forge_option()
    format: str = plan_format_option()


def run(inputs: Inputs, world: World) -> int:
    """0 when it is shown, written or proposed, also when there is nothing to do."""
    from gitops_ci.steps.hold_run import unhold

    return unhold(inputs, world)
