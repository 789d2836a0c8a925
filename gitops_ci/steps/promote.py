"""`promote`: carry what the rules allow from one environment to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.steps.option import forge_option, option

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
    app: tuple[str, ...] = option((), "only this app, a glob", metavar="APP")
    path: tuple[str, ...] = option((), "write only to these files, a glob", metavar="GLOB")
    version: str = option(
        "", "not the newest version: this one, which the source may have left", metavar="REF"
    )
    scaffold: bool = option(False, "propose the files of an app that is new in the target")
    write: bool = option(False, "edit the files of the work tree")
    pr: bool = option(False, "propose the change on the forge, made on the base branch")
    forge: str = forge_option()
    body: str = option("", "write the texts of the proposals to this file", metavar="FILE")
    format: str = option(
        "text", "what to print on stdout", choices=("text", "json"), metavar="FORMAT"
    )


def run(inputs: Inputs, world: World) -> int:
    """0 when the plan is made (and written or proposed), 1 when some of it is refused."""
    from gitops_ci.steps.promote_run import promote

    return promote(inputs, world)
