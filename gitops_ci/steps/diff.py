"""`diff`: what a change does to the rendered objects, environment by environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.steps.world import World

FORMATS = ("text", "markdown", "json")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `diff`."""

    range_: tuple[str, ...] = option(
        (),
        "BASE: from where the work tree left it; BASE..HEAD: two commits; BASE...HEAD: from where"
        " HEAD left BASE; without any: the base of the pull request, else the default branch",
        positional=True,
    )
    env: tuple[str, ...] = option((), "only this environment", metavar="ENV")
    format: str = option("text", "what to print on stdout", choices=FORMATS, metavar="FORMAT")
    output: tuple[str, ...] = option(
        (), "also write the difference to a file; FORMAT as for --format", metavar="FORMAT=PATH"
    )
    exit_code: bool = option(False, "exit 1 when something differs")
    engine: str = option(
        "auto",
        "which kustomize engine renders; `both` compares the two",
        choices=("auto", "native", "kustomize", "both"),
        metavar="ENGINE",
        config="render.engine",
    )
    network: bool = option(False, "allow fetching remote bases and charts")


def run(inputs: Inputs, world: World) -> int:
    """0 when everything was compared (1 with --exit-code and a difference), 3 when not."""
    from gitops_ci.steps.diff_run import diff

    return diff(inputs, world)
