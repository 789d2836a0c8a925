"""The work of `bump`: observe, plan, check the plan, then print, write or propose it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from gitops_ci.forge.files import Changed, changed_files
from gitops_ci.git.repository import FULL_HISTORY, Git
from gitops_ci.model.errors import UsageError
from gitops_ci.output.sink import Level
from gitops_ci.promote.bump.plan import Plan
from gitops_ci.promote.bump.planner import plan_bump
from gitops_ci.promote.bump.request import Request
from gitops_ci.steps import bump_request
from gitops_ci.steps.bump import Inputs
from gitops_ci.steps.bump_guards import guarded
from gitops_ci.steps.bump_observe import Observed, facts_for, observe
from gitops_ci.steps.bump_outcome import Outcome
from gitops_ci.steps.bump_outside import caller_of, checked
from gitops_ci.steps.bump_write import write_files
from gitops_ci.steps.reading import reader
from gitops_ci.steps.told import changed, exit_after, outputs_of
from gitops_ci.steps.unified_diff import unified_diff
from gitops_ci.steps.world import World

if TYPE_CHECKING:
    from gitops_ci.forge.port import Forge
    from gitops_ci.steps.bump_base import Base


def bump(inputs: Inputs, world: World) -> int:
    """The exit code; the plan goes to stdout. Raises GitopsError."""
    bump_request.check_flags(inputs)
    outcome = _proposed(inputs, world) if inputs.pr else _in_work_tree(inputs, world)
    failed = False
    if inputs.pr:
        from gitops_ci.steps.automerge import merge_proposals

        merges = merge_proposals(outcome.proposals, world)
        outcome, failed = replace(outcome, notes=(*outcome.notes, *merges.sentences)), merges.failed
    told = outputs_of(outcome.proposals) if inputs.pr else changed(differs=bool(outcome.diff))
    world.outputs.update(told)
    world.progress.end()
    for move in outcome.plan.moves:
        if move.older:
            where = f"{move.site.path}:{move.location.line}"
            message = f"DOWNGRADE: {where} goes down from {move.site.version} to {move.to}"
            world.sink.log(message, Level.WARNING)
    world.sink.result(_shown(outcome, inputs.format))
    return exit_after(refused=bool(outcome.plan.refused), failed=failed)


def _shown(outcome: Outcome, form: str) -> str | bytes:
    if form == "json":
        from gitops_ci.steps.bump_json import json_of

        return json_of(outcome)
    from gitops_ci.steps.bump_text import text_of

    return text_of(outcome)


def _in_work_tree(inputs: Inputs, world: World) -> Outcome:
    observed = observe(world.tree, inputs, world)
    request, notes = _request(inputs, world, observed)
    plan = _plan(request, observed, world, "HEAD")
    files = _files(plan, observed)
    if inputs.write and not plan.refused:
        write_files(world.root, files)
    written = inputs.write and bool(files) and not plan.refused
    notes = (*notes, *_blind(plan, world))
    return Outcome(plan, unified_diff(files), written, notes=notes)


def _proposed(inputs: Inputs, world: World) -> Outcome:
    """The outcome on each base branch, put together."""
    from gitops_ci.forge.attempts import until_it_stands
    from gitops_ci.steps.writing_guard import refuse_untrusted

    refuse_untrusted(world, "bump --pr")
    git = _git(world)
    forge = world.forges.open(inputs.forge)
    return until_it_stands(lambda: _on_bases(inputs, world, git, forge), world.pause)


def _on_bases(inputs: Inputs, world: World, git: Git, forge: Forge) -> Outcome:
    from gitops_ci.steps.bump_base import bases_of

    outcomes = []
    misses: list[UsageError] = []
    for base in bases_of(git, world, forge):
        try:
            outcomes.append(_on_base(inputs, world, git, base, forge))
        except UsageError as error:
            if not base.several:
                raise
            misses.append(error)
    if not outcomes:
        raise misses[0]
    merged = outcomes[0]
    for other in outcomes[1:]:
        merged = merged.joined(other)
    return merged


def _on_base(inputs: Inputs, world: World, git: Git, base: Base, forge: Forge) -> Outcome:
    from gitops_ci.repo.git_tree import GitTree

    tree = GitTree(git, base.revision)
    observed = observe(tree, inputs, world)
    observed = replace(
        observed, sites=tuple(site for site in observed.sites if base.holds(site.environment))
    )
    request, notes = _request(inputs, world, observed)
    plan = _plan(request, observed, world, base.revision)
    files = _files(plan, observed)
    outcome = Outcome(plan, unified_diff(files), notes=(*notes, *_blind(plan, world)))
    if plan.refused:
        return outcome
    from gitops_ci.steps.bump_propose import propose

    return propose(outcome, observed, base, world, forge)


def _request(inputs: Inputs, world: World, observed: Observed) -> tuple[Request, tuple[str, ...]]:
    filters = bump_request.filters(inputs, observed.snapshot.environments)
    if not inputs.latest:
        return bump_request.request_of(inputs, filters), ()
    from gitops_ci.steps.bump_latest import latest_targets

    found = latest_targets(inputs, filters, observed, world)
    return bump_request.request_of(inputs, filters, found.targets), found.notes


def _plan(request: Request, observed: Observed, world: World, revision: str) -> Plan:
    plan = plan_bump(request, facts_for(request.targets, observed))
    plan = checked(plan, caller_of(world.environ), observed.config)
    return guarded(plan, observed, world.git, revision, world.clock.now())


def _blind(plan: Plan, world: World) -> tuple[str, ...]:
    """What a clone without its history cannot tell."""
    if not plan.moves or world.git is None or not world.git.is_shallow():
        return ()
    return (f"changes that were taken back within a day are not seen: {FULL_HISTORY}",)


def _files(plan: Plan, observed: Observed) -> tuple[Changed, ...]:
    return changed_files(plan.edits, reader(observed.tree))


def _git(world: World) -> Git:
    if world.git is None:
        raise UsageError("this is not a git repository", "--pr needs one; --write does not")
    return world.git
