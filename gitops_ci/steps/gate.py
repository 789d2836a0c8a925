"""`gate`: may this change go into the environments that it touches, now?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.steps.check import FORMATS, publish_option
from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `gate`."""

    range_: tuple[str, ...] = option(
        (),
        "BASE..HEAD: judge what HEAD changes since it left BASE; without it the pull request of the"
        " run, or on a schedule every open one",
        positional=True,
    )
    pull: int = option(0, "judge this pull request", metavar="NUMBER")
    set_status: bool = option(
        False, "report the verdict as a commit status too, which opens and closes with the time"
    )
    name: str = option("gitops-ci/gate", "the name of that status", metavar="NAME")
    deployment: str = option(
        "",
        "judge nothing, but record on the forge how the pushed commits (or BASE..HEAD) went into "
        "the environments that they touch",
        choices=("running", "success", "failure"),
        metavar="STATE",
    )
    publish: str = publish_option()
    format: str = option("text", "what to print on stdout", choices=FORMATS, metavar="FORMAT")
    output: tuple[str, ...] = option(
        (), "also write a report to a file; FORMAT as for --format", metavar="FORMAT=PATH"
    )


def run(inputs: Inputs, world: World) -> int:
    """0 when every gate is open (or nothing gated is touched), 1 when one is closed, 4 when one
    cannot be read. A scheduled run that finds closed gates has done its work: 0."""
    from gitops_ci.steps.gate_run import gate

    return gate(inputs, world)
