"""One proposal per unit: its edits, branch, title and text."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from gitops_ci.config.model import Config
from gitops_ci.forge.port import Forge
from gitops_ci.git.writing import GitWriter
from gitops_ci.model.change import Change, Proposal
from gitops_ci.model.change import Outcome as Verdict
from gitops_ci.model.edit import Edit
from gitops_ci.promote.bump.pending import pending_moves
from gitops_ci.promote.bump.plan import Move
from gitops_ci.promote.bump.planner import edits_of
from gitops_ci.promote.units import (
    Unit,
    branch_of,
    etiquette_of,
    settings,
    title_of,
    units_at,
    units_of,
)
from gitops_ci.promote.words.body import body
from gitops_ci.promote.words.facts import Row, Story
from gitops_ci.promote.words.rendering import Rendering
from gitops_ci.promote.words.sources import source_of
from gitops_ci.promote.words.trailers import trailers
from gitops_ci.repo.git_tree import GitTree
from gitops_ci.steps.bump_base import Base
from gitops_ci.steps.bump_observe import Observed
from gitops_ci.steps.bump_outcome import Outcome
from gitops_ci.steps.reading import reader
from gitops_ci.steps.rendered_change import rendered_changes
from gitops_ci.steps.world import World

KIND = "bump"


def propose(
    outcome: Outcome, observed: Observed, base: Base, world: World, forge: Forge
) -> Outcome:
    """The outcome with what the forge made of each unit. A plan whose parts cannot be made apart
    is refused as a whole. Units that stand on the base already have their proposals withdrawn.
    Raises ConflictError when somebody was faster: then everything is to be done anew."""
    git = GitWriter(world.root)
    parts: list[tuple[Unit[Move], str, str, tuple[Edit, ...]]] = []
    for unit in units_of(outcome.plan.moves, observed.config):
        branch = branch_of(unit, KIND, observed.config)
        tip = forge.standing(branch)
        whole = _with_pending(unit, tip, observed, git)
        edits, refused = edits_of(whole.moves, observed.source)
        if refused:
            return replace(outcome, plan=outcome.plan.refusing(refused))
        parts.append((whole, branch, tip, edits))
    renderings = rendered_changes([(observed.snapshot, part[3]) for part in parts], world)
    changes = []
    for (whole, branch, tip, edits), rendering in zip(parts, renderings, strict=True):
        story = _story(whole, observed.config, rendering)
        changes.append(_change(whole, story, branch, tip, base, observed.config, edits))
    known = {change.branch for change in changes}
    proposals = [forge.propose(change) for change in changes]
    proposals += _withdrawn(outcome, known, observed, base, forge, git)
    return replace(
        outcome,
        proposals=tuple(proposals),
        bodies=tuple((change.branch, change.body) for change in changes),
    )


def _withdrawn(
    outcome: Outcome,
    known: set[str],
    observed: Observed,
    base: Base,
    forge: Forge,
    git: GitWriter,
) -> Iterator[Proposal]:
    """Of the units whose versions are there already: proposals with nothing left, and branches
    of merged ones."""
    for unit in units_at(outcome.plan.done, observed.config):
        branch = branch_of(unit, KIND, observed.config)
        if branch in known:
            continue
        tip = forge.standing(branch)
        if tip and _with_pending(unit, tip, observed, git).moves:
            continue
        done = forge.withdraw(branch, base.branch, f"{base.branch} holds these versions already")
        if done.outcome is not Verdict.UNCHANGED:
            yield done


def _with_pending(unit: Unit[Move], tip: str, observed: Observed, git: GitWriter) -> Unit[Move]:
    """The unit with what its open proposal, at the commit `tip`, carries already: one bump does
    not take back another."""
    if not tip:
        return unit
    parent = git.info(tip).parents[0]
    changed = {change.path for change in git.changes(parent, tip)}
    sites = [site for site in observed.sites if site.path in changed]
    before, after = reader(GitTree(git, parent)), reader(GitTree(git, tip))
    pending = pending_moves(sites, unit.moves, before, after, observed.source)
    return replace(unit, moves=(*unit.moves, *pending))


def _change(
    unit: Unit[Move],
    story: Story,
    branch: str,
    tip: str,
    base: Base,
    config: Config,
    edits: tuple[Edit, ...],
) -> Change:
    rules = settings(config, unit.environment)
    return Change(
        title=title_of(unit, KIND, config),
        body=body(story),
        branch=branch,
        base=base.branch,
        revision=base.revision,
        edits=edits,
        trailers=trailers(story),
        standing=tip,
        etiquette=etiquette_of(rules, f"{KIND}/{unit.environment}/{unit.name}"),
    )


def _story(unit: Unit[Move], config: Config, rendering: Rendering) -> Story:
    rows = tuple(
        Row(
            move.name,
            str(move.site.version),
            str(move.to),
            (f"{move.site.path}:{move.location.line}",),
            move.older,
            source_of(config, move.site.subject.value, move.name, move.site.app),
        )
        for move in unit.moves
    )
    return Story(KIND, unit.environment, unit.name, rows, rendering=rendering)
