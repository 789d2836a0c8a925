"""`rollback`: bring an environment back to what stood there before, and keep it there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.steps.option import forge_option, option

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `rollback`."""

    env: str = option("", "the environment that goes back", metavar="ENV")
    app: tuple[str, ...] = option((), "only this app, a glob", metavar="APP")
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
    reason: str = option("", "why", metavar="TEXT")
    by: str = option("", "who decides; git knows the name otherwise", metavar="NAME")
    write: bool = option(False, "edit the files of the work tree")
    pr: bool = option(False, "propose the change on the forge, made on the base branch")
    forge: str = forge_option()
    body: str = option("", "write the texts of the proposals to this file", metavar="FILE")
    format: str = option(
        "text", "what to print on stdout", choices=("text", "json"), metavar="FORMAT"
    )


def run(inputs: Inputs, world: World) -> int:
    """0 when the plan is made (and written or proposed), 1 when some of it is refused."""
    from gitops_ci.steps.rollback_run import rollback

    return rollback(inputs, world)
