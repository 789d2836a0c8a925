"""The work of `freeze` and `unfreeze`. The variable is for people with access to the forge's
settings; these commands change the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gitops_ci.model.errors import ConfigError
from gitops_ci.promote.freeze import Freeze, read_freeze
from gitops_ci.promote.freeze_edits import with_freeze, without_freeze
from gitops_ci.promote.hold_edits import moment_of, stamp
from gitops_ci.promote.words.trailers import ENVIRONMENT
from gitops_ci.steps.ban_change import Ground, Planned, author, branch_name, carry_out
from gitops_ci.steps.world import World

if TYPE_CHECKING:
    from gitops_ci.steps import freeze as freeze_step
    from gitops_ci.steps import unfreeze as unfreeze_step

_ALL = "all"


def freeze(inputs: freeze_step.Inputs, world: World) -> int:
    """The exit code. Raises GitopsError."""

    def plan(ground: Ground) -> Planned:
        ground.checked(inputs.env)
        path = ground.config.freeze.file
        source = ground.source(path)
        faults = read_freeze(path, source.data if source else None).findings
        if faults:
            raise ConfigError(faults)
        until = moment_of(inputs.until, ground.now) if inputs.until else None
        by = author(inputs.by, world.git)
        item = Freeze(tuple(dict.fromkeys(inputs.env)), inputs.reason.strip(), by, until)
        return _planned(ground, "freeze", with_freeze(path, source, item), (item,))

    return carry_out("freeze", inputs, world, plan)


def unfreeze(inputs: unfreeze_step.Inputs, world: World) -> int:
    """The exit code. Raises GitopsError."""

    def plan(ground: Ground) -> Planned:
        ground.checked(inputs.env)
        path = ground.config.freeze.file
        edits, going = without_freeze(path, ground.source(path), inputs.env)
        return _planned(ground, "unfreeze", edits, going)

    return carry_out("unfreeze", inputs, world, plan)


def _planned(ground: Ground, command: str, edits: Any, items: tuple[Freeze, ...]) -> Planned:
    names = sorted({name for item in items for name in item.environments})
    where = ",".join(names) or _ALL
    scope = f"({where})" if names else ""
    return Planned(
        edits=edits,
        sentences=tuple(_sentence(command, item) for item in items),
        branch=branch_name(ground.config, command, "", where),
        title=f"chore{scope}: {command} {where}",
        environment=names[0] if len(names) == 1 else "",
        trailers=tuple((ENVIRONMENT, name) for name in names),
        items=tuple(as_data(item) for item in items),
    )


def _sentence(command: str, item: Freeze) -> str:
    what = ", ".join(item.environments) or "everything"
    if command == "unfreeze":
        return f"{what} may move again"
    reason = f": {item.reason}" if item.reason else ""
    return f"{what} is frozen {item.end}{reason}"


def as_data(item: Freeze) -> dict[str, Any]:
    """A freeze as JSON has it."""
    return {
        "environments": list(item.environments),
        "reason": item.reason,
        "by": item.by,
        "until": stamp(item.until) if item.until else "",
    }
