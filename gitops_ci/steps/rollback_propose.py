"""One proposal for each unit that goes back, with its hold in the same change."""

from __future__ import annotations

from gitops_ci.config.model import Config
from gitops_ci.forge.files import Changed, changed_files
from gitops_ci.forge.port import Forge
from gitops_ci.model.change import Change, FileEdit
from gitops_ci.output.markdown_text import quiet
from gitops_ci.promote.hold_edits import with_holds
from gitops_ci.promote.holds import PATH, Hold
from gitops_ci.promote.moves import Move, edits_of
from gitops_ci.promote.plan import Plan
from gitops_ci.promote.units import (
    Unit,
    branch_of,
    etiquette_of,
    settings,
    title_of,
    units_of,
)
from gitops_ci.promote.words.body import body
from gitops_ci.promote.words.facts import Row, Story
from gitops_ci.promote.words.rendering import Rendering
from gitops_ci.promote.words.sources import source_of
from gitops_ci.promote.words.trailers import trailers
from gitops_ci.steps.promote_ground import Ground, forge_for
from gitops_ci.steps.promote_outcome import Outcome
from gitops_ci.steps.reading import reader, source_in
from gitops_ci.steps.rendered_change import rendered_changes
from gitops_ci.steps.unified_diff import unified_diff
from gitops_ci.steps.world import World

KIND = "rollback"


def propose(
    plan: Plan,
    holds: tuple[Hold, ...],
    config: Config,
    ground: Ground,
    world: World,
    forge: Forge,
) -> Outcome:
    """What the forge makes of the plan. Raises GitopsError."""
    edits: list[FileEdit] = []
    files: list[Changed] = []
    parts: list[tuple[Unit[Move], tuple[Hold, ...], tuple[FileEdit, ...]]] = []
    for unit in units_of(plan.moves, config):
        apps = {move.app for move in unit.moves}
        own = tuple(hold for hold in holds if hold.app in apps)
        moved, _ = edits_of(unit.moves, ground.sight.observed.source)
        made = (*moved, *with_holds(source_in(ground.tree, PATH), own))
        edits += made
        files += changed_files(made, reader(ground.tree))
        parts.append((unit, own, made))
    snapshot = ground.sight.observed.snapshot
    renderings = rendered_changes([(snapshot, made) for _, _, made in parts], world)
    changes = []
    for (unit, own, made), rendering in zip(parts, renderings, strict=True):
        where = forge_for(ground, unit.environment, world, forge)
        story = _story(unit, own, config, rendering)
        changes.append((where, _change(unit, own, story, made, ground, config)))
    plan = Plan(plan.moves, plan.done, plan.left, plan.refused, plan.chosen, tuple(edits))
    return Outcome(
        plan,
        unified_diff(files),
        proposals=tuple(where.propose(change) for where, change in changes),
        bodies=tuple((change.branch, change.body) for _, change in changes),
    )


def _change(
    unit: Unit[Move],
    holds: tuple[Hold, ...],
    story: Story,
    edits: tuple[FileEdit, ...],
    ground: Ground,
    config: Config,
) -> Change:
    rules = settings(config, unit.environment)
    return Change(
        title=quiet(title_of(unit, KIND, config)),
        body=body(story),
        branch=branch_of(unit, KIND, config),
        base=ground.branch,
        revision=ground.revision,
        edits=edits,
        trailers=trailers(story, (f"{h.environment} {h.app} {h.end}" for h in holds)),
        etiquette=etiquette_of(rules, f"{KIND}/{unit.environment}/{unit.name}"),
    )


def _story(
    unit: Unit[Move], holds: tuple[Hold, ...], config: Config, rendering: Rendering
) -> Story:
    rows = tuple(
        Row(
            move.name,
            move.before,
            move.after,
            (f"{move.path}:{move.location.line}",),
            source=source_of(config, move.slot.sort, move.name, move.app),
            why=move.why,
        )
        for move in unit.moves
    )
    notes = tuple(f"{h.app} is held here {h.end}: {h.reason}" for h in holds)
    back = ["gitops-ci", "unhold", "--env", unit.environment]
    for hold in holds:
        back += ["--app", hold.app]
    return Story(
        KIND,
        unit.environment,
        unit.name,
        rows,
        rendering=rendering,
        notes=notes,
        back=tuple(back) if holds else (),
    )
