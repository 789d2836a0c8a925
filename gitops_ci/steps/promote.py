"""`promote`: carry what the rules allow from one environment to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.steps.change_options import (
    app_option,
    body_option,
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
    """What the user may say to `promote`."""

    from_: str = option(
        "", "the source; without it, all that the target takes its versions from", metavar="ENV"
    )
    to: str = option(
        "", "the target; without it, all that take from the source, or all there are", metavar="ENV"
    )
    app: tuple[str, ...] = app_option()
    path: tuple[str, ...] = option((), "write only to these files, a glob", metavar="GLOB")
    version: str = option(
        "", "not the newest version: this one, which the source may have left", metavar="REF"
    )
    scaffold: bool = option(False, "propose the files of an app that is new in the target")
    write: bool = write_option()
    pr: bool = pr_option()
    forge: str = forge_option()
    body: str = body_option()
    format: str = plan_format_option()


def run(inputs: Inputs, world: World) -> int:
    """0 when the plan is made (and written or proposed), 1 when some of it is refused."""
    from gitops_ci.steps.promote_run import promote

    return promote(inputs, world)
