"""The work of `hold` and `unhold`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from gitops_ci.model.errors import ConfigError, UsageError
from gitops_ci.promote.hold_edits import end_of, stamp, with_holds, without_holds
from gitops_ci.promote.holds import MANUAL, NEWER, PATH, RELEASED, Hold, named, read_holds, spelled
from gitops_ci.promote.words.trailers import ENVIRONMENT, HOLD
from gitops_ci.steps.ban_change import Ground, Planned, author, branch_name, carry_out
from gitops_ci.steps.promote_ground import Grounds
from gitops_ci.steps.reading import source_in
from gitops_ci.steps.world import World

if TYPE_CHECKING:
    from gitops_ci.steps import hold as hold_step
    from gitops_ci.steps import unhold as unhold_step


def hold(inputs: hold_step.Inputs, world: World) -> int:
    """The exit code. Raises GitopsError."""
    if not inputs.env:
        raise UsageError("where does it hold?", "such as `gitops-ci hold --env prod --app web`")
    if not inputs.reason.strip():
        raise UsageError("a hold needs a reason", '--reason "checkout is broken in 1.4.0"')
    until = inputs.until or (NEWER if inputs.version else MANUAL)
    if until == NEWER and not inputs.version:
        raise UsageError("newer than what?", "name it with --version, or use --until manual")

    def plan(ground: Ground) -> Planned:
        ground.checked(inputs.env)
        _refuse_faults(ground)
        mode, end = end_of(until, ground.now)
        versions = tuple(named(text) for text in inputs.version)
        by = author(inputs.by, world.git)
        holds = tuple(
            Hold(env, app, versions, inputs.reason.strip(), by, mode, end)
            for env in inputs.env
            for app in inputs.app or ("*",)
        )
        edits = with_holds(ground.source(PATH), holds)
        return _planned(ground, "hold", edits, holds)

    return carry_out("hold", inputs, world, plan)


def unhold(inputs: unhold_step.Inputs, world: World) -> int:
    """The exit code. Raises GitopsError."""
    if not inputs.env:
        raise UsageError("where is it lifted?", "such as `gitops-ci unhold --env prod --app web`")
    if inputs.version and not inputs.app:
        raise UsageError("--version is a version of an app", "name the app with --app")

    def plan(ground: Ground) -> Planned:
        ground.checked(inputs.env)
        _refuse_faults(ground)
        if inputs.version:
            return _released(inputs, ground, world)
        edits, going, staying = without_holds(ground.source(PATH), inputs.env, inputs.app)
        notes = tuple(
            f"{item.app} in {item.environment} stays held {item.end}: {item.reason}"
            for item in staying
        )
        notes = (*notes, *_elsewhere(inputs, ground, world))
        return _planned(ground, "unhold", edits, going, notes)

    def apart(ground: Ground, environments: tuple[str, ...]) -> Planned:
        named = tuple(name for name in environments if name in inputs.env and not inputs.version)
        edits, going, _ = without_holds(ground.source(PATH), named, inputs.app)
        made = _planned(ground, "unhold", edits, going)
        return replace(made, branch=f"{made.branch}-own")

    return carry_out("unhold", inputs, world, plan, apart)


def _elsewhere(inputs: unhold_step.Inputs, ground: Ground, world: World) -> Iterator[str]:
    """What else holds there: on the branch that an environment has to itself, or in its own
    repository, where a rollback writes its hold."""
    if inputs.pr:
        return
    grounds = Grounds(world, ground.config, proposing=False)
    for name in grounds.apart(name for name in inputs.env if name in ground.config.environments):
        there = grounds.of(name)
        own = read_holds(source_in(there.tree, PATH)).items
        if any(hold.environment == name and _means(hold, inputs.app) for hold in own):
            repo = ground.config.environments[name].repo
            where = f"{repo}: lift it there" if repo else f"branch {there.branch}: use --pr"
            yield f"{name} is held on its own, in {where}"


def _means(hold: Hold, apps: tuple[str, ...]) -> bool:
    return not apps or hold.app in apps


def _released(inputs: unhold_step.Inputs, ground: Ground, world: World) -> Planned:
    """Lets versions in that no entry holds, but the history does."""
    versions = tuple(named(text) for text in inputs.version)
    reason = inputs.reason.strip()
    if not reason:
        raise UsageError("lifting what the history holds needs a reason", "--reason TEXT")
    by = author(inputs.by, world.git)
    holds = tuple(
        Hold(env, app, versions, reason, by, RELEASED) for env in inputs.env for app in inputs.app
    )
    edits = with_holds(ground.source(PATH), holds)
    return _planned(ground, "unhold", edits, holds)


def _refuse_faults(ground: Ground) -> None:
    found = read_holds(ground.source(PATH), tuple(ground.config.environments)).findings
    if found:
        raise ConfigError(found)


def _planned(
    ground: Ground, command: str, edits: Any, holds: tuple[Hold, ...], notes: tuple[str, ...] = ()
) -> Planned:
    environments = sorted({item.environment for item in holds})
    apps = sorted({item.app for item in holds})
    where, unit = ",".join(environments), ",".join("all" if a == "*" else a for a in apps)
    verb = {"hold": "hold", "unhold": "let move"}[command]
    return Planned(
        edits=edits,
        sentences=tuple(_sentence(command, item) for item in holds),
        branch=branch_name(ground.config, command, where, unit),
        title=f"chore({where}): {verb} {unit}",
        environment=environments[0] if len(environments) == 1 else "",
        notes=notes,
        trailers=(
            *((ENVIRONMENT, name) for name in environments),
            *((HOLD, f"{item.environment} {item.app} {item.end}") for item in holds),
        ),
        items=tuple(as_data(item) for item in holds),
    )


def _sentence(command: str, item: Hold) -> str:
    what = "every app" if item.app == "*" else item.app
    if command == "unhold":
        return f"{what} in {item.environment} may move again"
    return f"{what} in {item.environment} is held {item.end}: {item.reason}"


def as_data(item: Hold) -> dict[str, Any]:
    """A hold as JSON has it."""
    return {
        "environment": item.environment,
        "app": item.app,
        "versions": [spelled(version) for version in item.versions],
        "reason": item.reason,
        "by": item.by,
        "until": item.mode or (stamp(item.until) if item.until else ""),
        "implied": item.implied,
    }
