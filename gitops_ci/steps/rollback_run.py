"""The work of `rollback`: find the earlier state, plan the way back and its hold, then print, write
or propose both as one change."""

from __future__ import annotations

from msgspec.structs import replace

from gitops_ci.config.kinds import KindError, moment
from gitops_ci.config.model import Config
from gitops_ci.forge.attempts import until_it_stands
from gitops_ci.forge.files import changed_files
from gitops_ci.forge.port import Forge
from gitops_ci.git.history import GitHistory
from gitops_ci.git.repository import FULL_HISTORY
from gitops_ci.model.change import FileEdit
from gitops_ci.model.errors import ConfigError, UsageError
from gitops_ci.model.regex import regex
from gitops_ci.output.files import write_atomic
from gitops_ci.promote.aims import Aim, AtCommit, AtTime, AtVersion, Previous
from gitops_ci.promote.epochs import Epoch
from gitops_ci.promote.hold_edits import end_of, with_holds
from gitops_ci.promote.holds import PATH, Hold, read_holds
from gitops_ci.promote.request import wanted_version
from gitops_ci.promote.rollback import Request, Rollback, plan_rollback
from gitops_ci.schemas.near import near
from gitops_ci.steps.ban_change import author
from gitops_ci.steps.bump_write import write_files
from gitops_ci.steps.hold_run import as_data
from gitops_ci.steps.promote_ground import Ground, Grounds, configured
from gitops_ci.steps.promote_json import json_of
from gitops_ci.steps.promote_outcome import Outcome
from gitops_ci.steps.promote_text import text_of
from gitops_ci.steps.reading import reader, source_in
from gitops_ci.steps.rollback import Inputs
from gitops_ci.steps.told import exit_after, outputs_of
from gitops_ci.steps.unified_diff import unified_diff
from gitops_ci.steps.world import World
from gitops_ci.steps.writing_guard import refuse_untrusted

_DATE = regex(r"\d{4}-\d{2}-\d{2}(?:[T ].*)?\Z")
_NO_HOLD = "no"


def rollback(inputs: Inputs, world: World) -> int:
    """The exit code; the plan goes to stdout. Raises GitopsError."""
    if inputs.write and inputs.pr:
        raise UsageError("--write edits the work tree, --pr leaves it alone", "give one of them")
    failed = False
    if inputs.pr:
        from gitops_ci.steps.automerge import merge_proposals

        refuse_untrusted(world, "rollback --pr")
        forge = world.forges.open(inputs.forge)
        outcome, holds = until_it_stands(lambda: _outcome(inputs, world, forge), world.pause)
        merges = merge_proposals(outcome.proposals, world)
        outcome = replace(outcome, notes=(*outcome.notes, *merges.sentences))
        failed = merges.failed
        world.outputs.update(outputs_of(outcome.proposals))
    else:
        outcome, holds = _outcome(inputs, world, None)
    world.progress.end()
    if inputs.body and outcome.bodies:
        text = "\n".join(body for _, body in outcome.bodies)
        write_atomic(world.root / inputs.body, text.encode("utf-8", "backslashreplace"))
    if inputs.format == "json":
        data = {"holds": [as_data(item) for item in holds]}
        world.sink.result(json_of(outcome, "rollback", data))
    else:
        world.sink.result(text_of(outcome))
    return exit_after(refused=bool(outcome.plan.refused), failed=failed)


def _outcome(inputs: Inputs, world: World, forge: Forge | None) -> tuple[Outcome, tuple[Hold, ...]]:
    """One try: find the earlier state, plan, deliver. Proposes with a `forge`."""
    proposing = forge is not None
    config = configured(world, inputs, proposing=proposing, forge=forge)
    _check_environment(inputs.env, config)
    ground = Grounds(world, config, proposing=proposing, forge=forge).of(inputs.env)
    if ground.git is None or ground.git.find(ground.revision) is None:
        raise UsageError("there is no history to go back in", "commit something first")
    request = request_of(inputs, ground, world)
    made = plan_rollback(request, ground.side(inputs.env), config)
    outcome = _carried_out(made, inputs, world, config, ground, forge)
    notes = (*outcome.notes, *_notes(made, ground))
    return replace(outcome, notes=notes), made.holds


def request_of(inputs: Inputs, ground: Ground, world: World) -> Request:
    """The command line as a request. Raises UsageError."""
    hold = inputs.until != _NO_HOLD
    mode, until = end_of(inputs.until, world.clock.now()) if hold else ("", None)
    by = author(inputs.by, world.git)
    aim = aim_of(inputs.to, ground)
    return Request(inputs.app, aim, mode, until, inputs.reason.strip(), by, hold)


def aim_of(text: str, ground: Ground) -> Aim:
    """What `--to` says: a day (as it stood at its end, UTC) or a time; a commit that is known by
    its full id or a name; else a version. Raises UsageError."""
    if not text:
        return Previous()
    if _DATE.match(text):
        try:
            return AtTime(moment(text))
        except KindError as error:
            raise UsageError(f"--to: {error.message}", error.hint) from None
    assert ground.git is not None
    side_holds = any(
        wanted_version(text).is_held(pin)
        for epoch in _epochs(ground)
        for state in epoch.states
        for pin in state.pins
    )
    commit = None if side_holds else ground.git.find(text)
    if commit is None:
        return AtVersion(wanted_version(text), text)
    line = GitHistory(ground.git.root).first_parents(ground.revision)
    return AtCommit(commit, {oid: age for age, oid in enumerate(line)})


def _epochs(ground: Ground) -> tuple[Epoch, ...]:
    return ground.timeline(tuple(ground.sight.states)).epochs


def _check_environment(name: str, config: Config) -> None:
    known = tuple(config.environments)
    if not known:
        raise UsageError(
            "a rollback needs the environments, and the configuration has none",
            "`gitops-ci init` writes those that the names suggest",
        )
    if not name:
        raise UsageError("which environment goes back?", f"--env {known[-1]}")
    if name not in known:
        close = near(name, known)
        hint = f"did you mean {close[0]}?" if close else f"environments: {', '.join(known)}"
        raise UsageError(f"there is no environment {name}", hint)


def _carried_out(
    made: Rollback,
    inputs: Inputs,
    world: World,
    config: Config,
    ground: Ground,
    forge: Forge | None,
) -> Outcome:
    holds = made.holds
    _refuse_faults(ground, config)
    if forge is not None:
        from gitops_ci.steps.rollback_propose import propose

        return propose(made.plan, holds, config, ground, world, forge)
    edits: tuple[FileEdit, ...] = (*made.plan.edits, *hold_edits(holds, ground))
    files = changed_files(edits, reader(ground.tree))
    if inputs.write and files and ground.branch:
        raise UsageError(
            f"--write changes the work tree, and the change belongs to branch {ground.branch}",
            "use --pr",
        )
    if inputs.write and files:
        write_files(world.root, files)
    plan = replace(made.plan, edits=edits)
    return Outcome(plan, unified_diff(files), written=inputs.write and bool(files))


def hold_edits(holds: tuple[Hold, ...], ground: Ground) -> tuple[FileEdit, ...]:
    """The edits that write the holds into the same tree."""
    return with_holds(source_in(ground.tree, PATH), holds)


def _refuse_faults(ground: Ground, config: Config) -> None:
    found = read_holds(source_in(ground.tree, PATH), tuple(config.environments)).findings
    if found:
        raise ConfigError(found)


def _notes(made: Rollback, ground: Ground) -> tuple[str, ...]:
    notes = tuple(
        f"{item.app} is held in {item.environment} {item.end};"
        f" `gitops-ci unhold --env {item.environment} --app {item.app}` lifts it"
        for item in made.holds
    )
    blind = ground.git is not None and ground.git.is_shallow()
    return (*notes, f"older states are not seen: {FULL_HISTORY}") if blind else notes
