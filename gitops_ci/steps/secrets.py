"""`secrets`: the secret scan alone, over files, a change, the index, or commits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.steps.check import FORMATS, publish_option
from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.steps.world import World

AUTO, TREE, DIFF, STAGED, HISTORY, RANGE = MODES = (
    "auto",
    "tree",
    "diff",
    "staged",
    "history",
    "range",
)
"""What is searched; see `secret_modes`."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `secrets`."""

    path: tuple[str, ...] = option(
        (), "only what lies in these files and directories", positional=True
    )
    mode: str = option(
        AUTO,
        "what to search: `tree` all files, `diff` what the change brings in its commits and its"
        " files, `staged` the next commit, `history` all files and all commits, `range` the commits"
        " of --range; `auto` is `diff` for a change and `tree` for anything else",
        choices=MODES,
        metavar="MODE",
    )
    range: str = option("", "the commits to search, and what they lead to", metavar="A..B")
    changed_since: str = option(
        "",
        "where the change begins. `auto`: the base of the pull request, else the default branch",
        metavar="REF",
    )
    fail_on: str = option(
        "error",
        "the least severity that blocks",
        choices=("error", "warning", "note", "never"),
        metavar="LEVEL",
        config="report.failOn",
    )
    fail_on_existing: bool = option(
        False,
        "findings that the base has too block as well",
        config="report.failOnExisting",
    )
    baseline: str = option(
        "", "accept the findings listed here instead of in .gitops-ci/baseline", metavar="FILE"
    )
    config_from: str = option(
        "",
        "read the configuration, exceptions and baselines from this revision",
        metavar="REF",
    )
    publish: str = publish_option()
    format: str = option("text", "what to print on stdout", choices=FORMATS, metavar="FORMAT")
    output: tuple[str, ...] = option(
        (), "also write a report to a file; FORMAT as for --format", metavar="FORMAT=PATH"
    )


def run(inputs: Inputs, world: World) -> int:
    """The exit code of the verdict; the report goes to stdout and to every --output."""
    from gitops_ci.steps.secret_check import check_secrets

    return check_secrets(inputs, world)
