"""`hold`: an app stays where it is in an environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.steps.change_options import (
    by_option,
    forge_option,
    plan_format_option,
    pr_option,
    reason_option,
    write_option,
)
from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `hold`."""

    env: tuple[str, ...] = option((), "in this environment", metavar="ENV")
    app: tuple[str, ...] = option((), "this app, a glob; all apps when empty", metavar="APP")
    version: tuple[str, ...] = option(
        (), 'what is turned away: VERSION, or "NAME VERSION"', metavar="VERSION"
    )
    until: str = option(
        "",
        "how it ends: until-newer (when a version is given), manual, a time, or a duration",
        metavar="END",
    )
    reason: str = reason_option()
    by: str = by_option()
    write: bool = write_option()
    pr: bool = pr_option()
    forge: str = forge_option()
    format: str = plan_format_option()


def run(inputs: Inputs, world: World) -> int:
    """0 when it is shown, written or proposed, also when there is nothing to do."""
    from gitops_ci.steps.hold_run import hold

    return hold(inputs, world)
