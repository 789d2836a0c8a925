"""`rollback`: bring an environment back to what stood there before, and keep it there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.steps.change_options import (
    app_option,
    body_option,
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
    """What the user may say to `rollback`."""

    env: str = option("", "the environment that goes back", metavar="ENV")
    app: tuple[str, ...] = app_option()
    to: str = option(
        "",
        "a version, a day or time, or a commit; the state before the present one when empty",
        metavar="STATE",
    )
    until: str = option(
        "until-newer",
        "how long it stays so: until-newer, manual, a time, a duration, or no for no hold",
        metavar="END",
    )
    reason: str = reason_option()
    by: str = by_option()
    write: bool = write_option()
    pr: bool = pr_option()
    forge: str = forge_option()
    body: str = body_option()
    format: str = plan_format_option()


def run(inputs: Inputs, world: World) -> int:
    """0 when the plan is made (and written or proposed), 1 when some of it is refused."""
    from gitops_ci.steps.rollback_run import rollback

    return rollback(inputs, world)
