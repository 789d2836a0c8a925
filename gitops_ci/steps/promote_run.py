"""The work of `promote`: observe each environment where it lives, plan, then print, write or
propose."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from gitops_ci.config.model import Config
from gitops_ci.forge.files import Changed, changed_files
from gitops_ci.forge.port import Forge
from gitops_ci.git.repository import FULL_HISTORY
from gitops_ci.model.change import FileEdit
from gitops_ci.model.errors import UsageError
from gitops_ci.output.files import write_atomic
from gitops_ci.promote.ban_judge import all_of, ban_judge
from gitops_ci.promote.bump.request import filters_of
from gitops_ci.promote.candidates import Judge
from gitops_ci.promote.moves import Move, edits_of
from gitops_ci.promote.plan import Plan
from gitops_ci.promote.planner import plan_promotion
from gitops_ci.promote.request import Request, edges_of, wanted_version
from gitops_ci.promote.soaking import soak_judge
from gitops_ci.steps.bans import bans_in, told_in, with_own
from gitops_ci.steps.bump_write import write_files
from gitops_ci.steps.promote import Inputs
from gitops_ci.steps.promote_ground import Ground, Grounds, configured, ruling_tree
from gitops_ci.steps.promote_outcome import Outcome
from gitops_ci.steps.reading import reader
from gitops_ci.steps.told import changed, exit_after, outputs_of
from gitops_ci.steps.unified_diff import unified_diff
from gitops_ci.steps.world import World
from gitops_ci.steps.writing_guard import refuse_untrusted


def promote(inputs: Inputs, world: World) -> int:
    """The exit code; the plan goes to stdout. Raises GitopsError."""
    if inputs.write and inputs.pr:
        raise UsageError("--write edits the work tree, --pr leaves it alone", "give one of them")
    failed = False
    if inputs.pr:
        from gitops_ci.forge.attempts import until_it_stands
        from gitops_ci.steps.automerge import merge_proposals

        refuse_untrusted(world, "promote --pr")
        forge = world.forges.open(inputs.forge)
        outcome = until_it_stands(lambda: _outcome(inputs, world, forge), world.pause)
        merges = merge_proposals(outcome.proposals, world)
        outcome = replace(outcome, notes=(*outcome.notes, *merges.sentences))
        failed = merges.failed
    else:
        outcome = _outcome(inputs, world, None)
    world.progress.end()
    if inputs.body and outcome.bodies:
        text = "\n".join(body for _, body in outcome.bodies)
        write_atomic(world.root / inputs.body, text.encode("utf-8", "backslashreplace"))
    told = outputs_of(outcome.proposals) if inputs.pr else changed(differs=bool(outcome.diff))
    world.outputs.update(told)
    world.sink.result(_shown(outcome, inputs.format))
    return exit_after(refused=bool(outcome.plan.refused), failed=failed)


def _shown(outcome: Outcome, form: str) -> str | bytes:
    if form == "json":
        from gitops_ci.steps.promote_json import json_of

        return json_of(outcome)
    from gitops_ci.steps.promote_text import text_of

    return text_of(outcome)


def _outcome(inputs: Inputs, world: World, forge: Forge | None) -> Outcome:
    """One try: observe, plan, deliver. Proposes with a `forge`."""
    proposing = forge is not None
    config = configured(world, inputs, proposing=proposing, forge=forge)
    request = request_of(inputs, config)
    grounds = Grounds(world, config, proposing=proposing, forge=forge)
    judge = _judge(world, config, grounds, forge, {edge.target for edge in request.edges})
    plan = plan_promotion(request, grounds.side, config, judge)
    outcome = _carried_out(plan, request, inputs, world, config, grounds, forge)
    return replace(outcome, notes=(*outcome.notes, *_blind(config, grounds, plan)))


def _judge(
    world: World, config: Config, grounds: Grounds, forge: Forge | None, targets: Iterable[str]
) -> Judge:
    """Every gate that can be asked at planning: what people decided, and what history tells."""
    now = world.clock.now()
    tree, revision = ruling_tree(world, proposing=forge is not None, forge=forge)
    targets = tuple(sorted(targets))
    holds, freezes = bans_in(tree, config, world)
    holds = with_own(holds, grounds, targets)
    told = told_in(world.git, revision, grounds, targets)
    bans = ban_judge(grounds.side, holds, freezes, told, now)
    return all_of(bans, soak_judge(config, now))


def request_of(inputs: Inputs, config: Config) -> Request:
    """The command line as a request. Raises UsageError."""
    if inputs.version:
        wanted_version(inputs.version)
    return Request(
        edges_of(config, inputs.from_, inputs.to),
        filters_of((), inputs.app, inputs.path),
        inputs.version,
        newest=config.promote.candidate == "newest",
        scaffold=inputs.scaffold,
    )


def _carried_out(
    plan: Plan,
    request: Request,
    inputs: Inputs,
    world: World,
    config: Config,
    grounds: Grounds,
    forge: Forge | None,
) -> Outcome:
    if forge is not None:
        from gitops_ci.steps.promote_propose import propose

        return propose(plan, request, config, grounds, world, forge)
    grounded = by_ground(plan, grounds)
    if inputs.write:
        _refuse_branches(ground for ground, _ in grounded)
    files: list[Changed] = []
    edits: list[FileEdit] = []
    for ground, moves in grounded:
        made, _ = edits_of(moves, ground.sight.observed.source)
        edits += made
        files += changed_files(made, reader(ground.tree))
    if inputs.write:
        write_files(world.root, files)
    plan = replace(plan, edits=tuple(edits))
    return Outcome(plan, unified_diff(files), written=inputs.write and bool(files))


def by_ground(plan: Plan, grounds: Grounds) -> list[tuple[Ground, list[Move]]]:
    """The moves of the plan, by where they happen."""
    found: dict[int, tuple[Ground, list[Move]]] = {}
    for move in plan.moves:
        ground = grounds.of(move.place.environment)
        found.setdefault(id(ground), (ground, []))[1].append(move)
    return list(found.values())


def _refuse_branches(grounds: Iterable[Ground]) -> None:
    for ground in grounds:
        if ground.branch:
            raise UsageError(
                f"--write changes the work tree, and the change belongs to branch {ground.branch}",
                "use --pr",
            )


def _blind(config: Config, grounds: Grounds, plan: Plan) -> tuple[str, ...]:
    """What a clone without its history cannot tell."""
    asked = {chosen.target for chosen in plan.chosen}
    names = {name for target in asked for name in config.environments[target].sources.names}
    gits = {id(g.git): g.git for name in names if (g := grounds.of(name)).git is not None}
    if any(git is not None and git.is_shallow() for git in gits.values()):
        return (f"what stood in the sources before is not seen: {FULL_HISTORY}",)
    return ()
