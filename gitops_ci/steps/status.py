"""`status`: which version stands where, and what each next step waits for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.steps.change_options import app_option
from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `status`."""

    env: tuple[str, ...] = option((), "only this environment", metavar="ENV")
    app: tuple[str, ...] = app_option()
    format: str = option(
        "text",
        "what to print on stdout",
        choices=("text", "json", "markdown", "html"),
        metavar="FORMAT",
    )
    output: tuple[str, ...] = option(
        (), "also write FORMAT to PATH; repeatable", metavar="FORMAT=PATH"
    )


def run(inputs: Inputs, world: World) -> int:
    """0: the status is told, whatever it is."""
    from gitops_ci.steps.status_run import status

    return status(inputs, world)
