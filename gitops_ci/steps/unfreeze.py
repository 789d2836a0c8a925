"""`unfreeze`: versions may move again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.steps.change_options import forge_option, plan_format_option, pr_option, write_option
from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `unfreeze`."""

    env: tuple[str, ...] = option((), "this environment; all of them when empty", metavar="ENV")
    write: bool = write_option()
    pr: bool = pr_option()
    forge: str = forge_option()
    format: str = plan_format_option()


def run(inputs: Inputs, world: World) -> int:
    """0 when it is shown, written or proposed, also when there is nothing to do."""
    from gitops_ci.steps.freeze_run import unfreeze

    return unfreeze(inputs, world)
