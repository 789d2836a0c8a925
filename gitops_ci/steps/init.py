"""`init`: a configuration and a CI file inferred from the repository; nothing is overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `init`."""

    print: bool = option(False, "print the configuration instead of writing it", action=False)
    ci: str = option(
        "auto",
        "for which CI system a file is written; `auto`: what the remote and the files tell",
        choices=("auto", "github", "gitlab", "none"),
        metavar="SYSTEM",
        action=False,
    )


def run(inputs: Inputs, world: World) -> int:
    """0; says what was inferred and why, what was written, and what is left to do by hand."""
    from gitops_ci.steps.init_run import init

    return init(inputs, world)
