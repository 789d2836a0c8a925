"""Proposals of our own that merge themselves: judged just before, at the head that was judged."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from gitops_ci.config.model import Config
from gitops_ci.forge.payload import CHANGE_TRAILER, TREE_TRAILER, is_own
from gitops_ci.forge.port import GITLAB, Service
from gitops_ci.git.repository import Git
from gitops_ci.git.writing import CommitInfo, GitWriter
from gitops_ci.model.change import MergeMessage, Merging, Outcome, Proposal
from gitops_ci.model.forge_errors import ForgeError, StaleError
from gitops_ci.model.pull_request import PullRequest, PullState
from gitops_ci.promote.gates.verdict import State
from gitops_ci.promote.units import settings, wants_merges
from gitops_ci.steps.gate_law import config_at, law_of
from gitops_ci.steps.gate_rule import Ruled, change_of_pull, rule
from gitops_ci.steps.gate_touched import Change
from gitops_ci.steps.world import World

_THERE = frozenset({Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED})
_OWN_TRAILERS = (f"{CHANGE_TRAILER}: ", f"{TREE_TRAILER}: ")


class Merges(Struct, frozen=True):
    """What became of proposals that may merge themselves: one sentence for each. `failed` says
    that the forge could not be asked about one."""

    sentences: tuple[str, ...] = ()
    failed: bool = False


def merge_proposals(proposals: Iterable[Proposal], world: World) -> Merges:
    """Merge those of this run's `proposals` whose environments want that, if their gates are open
    now. Closed gates are no failure: the scheduled `gate` merges once they open."""
    there = [item for item in proposals if item.number and item.outcome in _THERE]
    git = world.git
    if not there or git is None or not _is_wanted(git, world):
        return Merges()
    service = world.forges.service()
    if service is None:
        return Merges()
    sentences: list[str] = []
    failed = False
    for proposal in there:
        try:
            pull = service.pull(proposal.number)
            change = change_of_pull(pull, git, service)
            law = law_of(change, git, world, service)
            if not may_merge(change, law.config, git):
                continue
            ruled = rule(change, law, git, world, service)
            said = merge_ruled(change, ruled, law.config, git, service)
        except ForgeError as error:
            said, failed = f"#{proposal.number} was not merged: {error.message}", True
        sentences += [said] if said else []
    return Merges(tuple(sentences), failed)


def may_merge(change: Change, config: Config, git: Git) -> bool:
    """Whether the change is a proposal of our own as we made it: open, no draft, from this
    repository, one commit that nobody amended, on top of the base's line."""
    pull = change.pull
    if pull is None or not wants_merges(config) or not _is_open(pull):
        return False
    info = GitWriter(git.root).info(change.head)
    return is_own(info) and info.parents == (change.fork,)


def merge_ruled(change: Change, ruled: Ruled, config: Config, git: Git, service: Service) -> str:
    """Merge a change that `may_merge` at the head that was judged, or have the forge do it. What
    came of it, empty when its environments do not want it. Raises ForgeError."""
    pull = change.pull
    assert pull is not None, "only pull requests may merge"
    names = ruled.environments
    if not names or not all(settings(config, name).automerge for name in names):
        return ""
    if ruled.state is not State.OPEN:
        return f"#{pull.number} waits: {ruled.summary}"
    info = GitWriter(git.root).info(change.head)
    proposal = Proposal(pull.head, Outcome.UNCHANGED, pull.number, pull.url, commit=change.head)
    try:
        result = service.forge.merge(proposal, message_of(info, pull, service))
    except StaleError:
        return f"#{pull.number} was changed meanwhile; the next run looks again"
    return (
        f"#{pull.number} "
        + {
            Merging.MERGED: f"is merged as {result.commit[:12]}",
            Merging.ARMED: "merges itself once the forge lets it",
            Merging.QUEUED: "is in the merge queue",
            Merging.BLOCKED: f"cannot be merged: {result.reason}",
        }[result.state]
    )


def message_of(info: CommitInfo, pull: PullRequest, service: Service) -> MergeMessage:
    """The message of the merge: the title that `pr.title` gave the commit, with the number, and the
    commit's trailers without those by which proposals are known."""
    title, _, rest = info.message.partition("\n")
    kept = [line for line in rest.strip().splitlines() if not line.startswith(_OWN_TRAILERS)]
    mark = "!" if service.name == GITLAB else "#"
    return MergeMessage(f"{title} ({mark}{pull.number})", "\n".join(kept))


def _is_wanted(git: Git, world: World) -> bool:
    """Whether the base, as the clone has it, wants merges at all: else nothing is asked."""
    name = git.default_branch() or git.branch()
    revision = git.find(name) if name else None
    return revision is not None and wants_merges(config_at(revision, git, world))


def _is_open(pull: PullRequest) -> bool:
    return pull.state is PullState.OPEN and not pull.draft and not pull.fork
