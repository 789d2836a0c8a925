"""The forge that every clone is: a proposal is a branch with one commit, its body is printed.

A branch that the base does not contain yet counts as an open proposal, one that it contains as a
merged one. Work tree and index are not touched.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.forge.host import Work
from gitops_ci.forge.payload import carried, marker
from gitops_ci.forge.proposer import Proposer
from gitops_ci.git.writing import GitWriter
from gitops_ci.model.change import Change, MergeMessage, MergeResult, Merging, Proposal
from gitops_ci.model.ports import Clock
from gitops_ci.model.pull_request import PullRequest, PullState


class LocalForge(Proposer):
    """Proposes on branches of the local repository."""

    def __init__(self, git: GitWriter, clock: Clock) -> None:
        super().__init__(LocalHost(git, clock), git)

    def tip(self, branch: str) -> str:
        """The tip of a branch as last fetched, else of the local one."""
        return self._git.find(f"refs/remotes/origin/{branch}") or self._git.tip(branch) or ""


class LocalHost:
    """The branches of a local repository."""

    name = "local"

    def __init__(self, git: GitWriter, clock: Clock) -> None:
        self._git, self._clock = git, clock

    def tip(self, branch: str) -> str:
        """The tip of a local branch."""
        return self._git.tip(branch) or ""

    def bring(self, pull: PullRequest) -> None:
        """Nothing: everything is here."""

    def pulls(self, branch: str) -> tuple[PullRequest, ...]:
        """The branch itself as a proposal: its text is printed only, so it is always as wanted."""
        tip = self._git.tip(branch)
        if tip is None:
            return ()
        body = marker(carried(self._git.info(tip)))
        return (PullRequest(0, "", PullState.OPEN, "", body, "", branch, tip, ""),)

    def open_pulls(self) -> Iterator[PullRequest]:
        """None that would be counted."""
        return iter(())

    def commit(self, work: Work) -> str:
        """Make the commit and move the branch."""
        commit = self._git.commit_tree(work.tree, work.parent, work.message, self._clock.now())
        self._git.move_branch(work.branch, commit, work.old or None)
        return commit

    def create(self, change: Change, title: str, body: str, head: str) -> PullRequest:
        """The branch is the proposal."""
        return PullRequest(0, "", PullState.OPEN, title, body, "", change.branch, head, change.base)

    def dress(self, pull: PullRequest, change: Change) -> None:
        """Nothing: a branch has no labels."""

    def describe(self, pull: PullRequest, title: str, body: str) -> None:
        """Nothing: the text is printed."""

    def close(self, pull: PullRequest, body: str) -> None:
        """Nothing: removing the branch closes it."""

    def remove(self, branch: str, expected: str) -> None:
        """Remove the branch if it still stands there."""
        if self._git.tip(branch) == expected:
            self._git.move_branch(branch, None, expected)

    def tell(self, pull: PullRequest, text: str, marker: str) -> None:
        """Nothing: the reason is printed."""

    def approved(self, pull: PullRequest) -> bool:  # noqa: ARG002 - the port has it
        """Nobody approves a branch."""
        return False

    def merge(
        self,
        proposal: Proposal,  # noqa: ARG002 - the port has it
        message: MergeMessage,  # noqa: ARG002 - the port has it
    ) -> MergeResult:
        """Nothing: branches of a clone are merged by its owner."""
        return MergeResult(Merging.BLOCKED, reason="a local branch is merged by hand")
