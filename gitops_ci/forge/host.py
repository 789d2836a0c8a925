"""What the adapters do for `Proposer`: look and act, decide nothing.

Objects are exchanged with the local repository, so that what a branch holds is judged by its
content and never by what a text says about it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from msgspec import Struct

from gitops_ci.forge.files import Changed
from gitops_ci.model.change import Change, MergeMessage, MergeResult, Proposal
from gitops_ci.model.pull_request import PullRequest


class Work(Struct, frozen=True):
    """A commit to be made: `files` changed on the commit `parent`, whose tree is `tree` then. The
    branch stands at `old`, empty when there is none. `modes` are git's for every changed file that
    is there afterwards."""

    branch: str
    parent: str
    old: str
    tree: str
    message: str
    files: tuple[Changed, ...]
    modes: tuple[tuple[str, int], ...]
    prefix: str = ""


class Host(Protocol):
    """One forge, as far as proposals need it. Raises ForgeError; StaleError for a lost race."""

    name: str

    def tip(self, branch: str) -> str:
        """The commit at the tip, empty without a branch; its objects are here afterwards."""
        ...

    def bring(self, pull: PullRequest) -> None:
        """Bring the head of a pull request into the local repository, deleted branches too."""
        ...

    def pulls(self, branch: str) -> tuple[PullRequest, ...]:
        """Every pull request of this repository's own branch, the newest first."""
        ...

    def open_pulls(self) -> Iterator[PullRequest]:
        """Every open pull request."""
        ...

    def commit(self, work: Work) -> str:
        """Make the commit, point the branch to it, and return its id. Raises StaleError when the
        branch does not stand at `work.old`."""
        ...

    def create(self, change: Change, title: str, body: str, head: str) -> PullRequest:
        """Open a pull request; when there is one for the branch already, return that."""
        ...

    def dress(self, pull: PullRequest, change: Change) -> None:
        """Set the change's labels and ask its reviewers, unless that was done once already."""
        ...

    def describe(self, pull: PullRequest, title: str, body: str) -> None:
        """Replace title and text."""
        ...

    def close(self, pull: PullRequest, body: str) -> None:
        """Close it, with this text."""
        ...

    def remove(self, branch: str, expected: str) -> None:
        """Remove the branch; nothing when it is gone or stands elsewhere."""
        ...

    def tell(self, pull: PullRequest, text: str, marker: str) -> None:
        """Comment, unless a comment with the marker is there."""
        ...

    def approved(self, pull: PullRequest) -> bool:
        """Whether somebody approved it as it stands, and nobody wants changes."""
        ...

    def merge(self, proposal: Proposal, message: MergeMessage) -> MergeResult:
        """See `Forge.merge`."""
        ...
