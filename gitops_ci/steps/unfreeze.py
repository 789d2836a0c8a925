"""`unfreeze`: versions may move again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.steps.option import forge_option, option

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `unfreeze`."""

    env: tuple[str, ...] = option((), "this environment; all of them when empty", metavar="ENV")
    write: bool = option(False, "edit the files of the work tree")
    pr: bool = option(False, "propose the change on the forge, made on the base branch")
    forge: str = forge_option()
    format: str = option(
        "text", "what to print on stdout", choices=("text", "json"), metavar="FORMAT"
    )


def run(inputs: Inputs, world: World) -> int:
    """0 when it is shown, written or proposed, also when there is nothing to do."""
    from gitops_ci.steps.freeze_run import unfreeze

    return unfreeze(inputs, world)
