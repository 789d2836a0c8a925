"""`report`: put saved JSON reports together, publish the result, and give its verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.model.errors import UsageError
from gitops_ci.steps.check import FORMATS, publish_option
from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `report`."""

    file: tuple[str, ...] = option(
        (),
        "JSON reports that `check --output json=PATH` wrote, or directories that hold some",
        positional=True,
    )
    head: str = option(
        "",
        "the commit that was checked, when it is not that of this run: the pull request with this"
        " head is brought up to date, and the reports count as somebody else's",
        metavar="SHA",
    )
    name: str = option("check", "tells the summary comments of several jobs apart", metavar="NAME")
    publish: str = publish_option()
    format: str = option("text", "what to print on stdout", choices=FORMATS, metavar="FORMAT")
    output: tuple[str, ...] = option(
        (), "also write the report to a file; FORMAT as for --format", metavar="FORMAT=PATH"
    )


def run(inputs: Inputs, world: World) -> int:
    """The exit code of the verdict over all reports; 3 when one cannot be read."""
    from gitops_ci.steps.report_run import report

    if not inputs.file:
        raise UsageError("no report given", "gitops-ci report reports/")
    return report(inputs, world)
