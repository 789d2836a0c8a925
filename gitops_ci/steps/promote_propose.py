"""One proposal for each unit of a promotion, on the branch and in the repository of its target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_ci.config.model import Config
from gitops_ci.forge.files import Changed, changed_files
from gitops_ci.forge.port import Forge
from gitops_ci.model.change import Change, FileEdit, Proposal
from gitops_ci.model.change import Outcome as Became
from gitops_ci.promote.idle import idle_units
from gitops_ci.promote.moves import Move, edits_of
from gitops_ci.promote.plan import Chosen, Plan
from gitops_ci.promote.request import Request
from gitops_ci.promote.units import (
    Unit,
    branch_of,
    etiquette_of,
    settings,
    title_of,
    units_of,
)
from gitops_ci.promote.words.body import body
from gitops_ci.promote.words.facts import Gated, Matrix, Row, Story
from gitops_ci.promote.words.rendering import Rendering
from gitops_ci.promote.words.sources import source_of
from gitops_ci.promote.words.trailers import trailers
from gitops_ci.steps.promote_ground import Ground, Grounds, forge_for
from gitops_ci.steps.promote_outcome import Outcome
from gitops_ci.steps.reading import reader
from gitops_ci.steps.rendered_change import rendered_changes
from gitops_ci.steps.snapshot import Snapshot
from gitops_ci.steps.unified_diff import unified_diff
from gitops_ci.steps.world import World

KIND = "promote"


def propose(
    plan: Plan, request: Request, config: Config, grounds: Grounds, world: World, forge: Forge
) -> Outcome:
    """What the forge makes of the plan. Proposals of our own that have nothing left to change are
    withdrawn. Raises GitopsError."""
    edits: list[FileEdit] = []
    files: list[Changed] = []
    units = units_of(plan.moves, config)
    parts: list[tuple[Snapshot, tuple[FileEdit, ...]]] = []
    for unit in units:
        ground = grounds.of(unit.environment)
        made, refused = edits_of(unit.moves, ground.sight.observed.source)
        assert not refused, "the plan was made of the same moves"
        edits += made
        files += changed_files(made, reader(ground.tree))
        parts.append((ground.sight.observed.snapshot, made))
    changes: list[tuple[Forge, Change]] = []
    for unit, (_, made), rendering in zip(
        units, parts, rendered_changes(parts, world), strict=True
    ):
        ground = grounds.of(unit.environment)
        where = forge_for(ground, unit.environment, world, forge)
        story = _story(unit, config, plan, grounds, rendering)
        changes.append((where, _change(unit, ground, config, story, made)))
    proposals = [where.propose(change) for where, change in changes]
    kept = {change.branch for _, change in changes}
    idle = idle_units(plan, request, config)
    proposals += _withdrawn(idle, config, grounds, world, forge, kept)
    plan = Plan(plan.moves, plan.done, plan.left, plan.refused, plan.chosen, tuple(edits))
    bodies = tuple((change.branch, change.body) for _, change in changes)
    return Outcome(plan, unified_diff(files), proposals=tuple(proposals), bodies=bodies)


def _withdrawn(
    idle: Iterable[Unit[Move]],
    config: Config,
    grounds: Grounds,
    world: World,
    forge: Forge,
    kept: set[str],
) -> Iterator[Proposal]:
    """Open proposals of units that have nothing to move any more."""
    for unit in idle:
        branch = branch_of(unit, KIND, config)
        ground = grounds.of(unit.environment)
        if branch in kept or ground.fetched or ground.git is None:
            continue
        where = forge_for(ground, unit.environment, world, forge)
        reason = f"{unit.name} has nothing to move to {unit.environment} any more"
        done = where.withdraw(branch, ground.branch, reason)
        if done.outcome is not Became.UNCHANGED:
            yield done


def _change(
    unit: Unit[Move],
    ground: Ground,
    config: Config,
    story: Story,
    edits: tuple[FileEdit, ...],
) -> Change:
    rules = settings(config, unit.environment)
    return Change(
        title=title_of(unit, KIND, config),
        body=body(story),
        branch=branch_of(unit, KIND, config),
        base=ground.branch,
        revision=ground.revision,
        edits=edits,
        trailers=trailers(story),
        etiquette=etiquette_of(rules, f"{KIND}/{unit.environment}/{unit.name}"),
    )


def _story(
    unit: Unit[Move], config: Config, plan: Plan, grounds: Grounds, rendering: Rendering
) -> Story:
    rows = tuple(
        Row(
            move.name,
            move.before,
            move.after,
            (f"{move.path}:{move.location.line}",),
            move.older,
            source_of(config, move.slot.sort, move.name, move.app),
            move.why,
        )
        for move in unit.moves
    )
    gates = tuple(
        Gated(verdict.gate, verdict.is_open, verdict.text, verdict.until)
        for chosen in _chosen(unit, plan)
        if chosen.candidate is not None
        for verdict in chosen.candidate.verdicts
    )
    apps = sorted({move.app for move in unit.moves})
    back = ["gitops-ci", "rollback", "--env", unit.environment]
    for app in apps:
        back += ["--app", app]
    return Story(
        KIND,
        unit.environment,
        unit.name,
        rows,
        gates=gates,
        matrix=_matrix(unit, apps, config, grounds),
        rendering=rendering,
        back=tuple(back),
        source=" and ".join(_sources(unit, plan)),
    )


def _matrix(unit: Unit[Move], apps: list[str], config: Config, grounds: Grounds) -> Matrix:
    """What stands where now, in the environments that the proposal is about."""
    names = (*config.environments[unit.environment].sources.names, unit.environment)
    sides = {name: grounds.side(name) for name in names}
    texts = {
        app: {
            name: ", ".join(
                sorted({v for p in side.places(app) for v in side.states[p].versions()})
            )
            for name, side in sides.items()
            if side.places(app)
        }
        for app in apps
    }
    return Matrix(names, texts)


def _chosen(unit: Unit[Move], plan: Plan) -> list[Chosen]:
    apps = {move.app for move in unit.moves}
    return [
        item
        for item in plan.chosen
        if item.target == unit.environment and not apps.isdisjoint(item.apps)
    ]


def _sources(unit: Unit[Move], plan: Plan) -> list[str]:
    found = [item.candidate.source for item in _chosen(unit, plan) if item.candidate]
    return list(dict.fromkeys(found))
