"""A pull request (GitHub) or merge request (GitLab), as facts."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from msgspec import Struct


class PullState(Enum):
    """Where a pull request is in its life."""

    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


class PullRequest(Struct, frozen=True):
    """One pull request. `head` and `base` are branches, `head_sha` and `base_sha` commits;
    `head_sha` is what is proposed, `base_sha` the tip of the base as the forge last looked
    (empty when it does not tell). `fork` says that the head lies in another repository.
    `reviewers` are those who are asked and have not answered yet. `closed_by` is empty when nobody
    closed it, or the forge does not tell."""

    number: int
    url: str
    state: PullState
    title: str
    body: str
    author: str
    head: str
    head_sha: str
    base: str
    base_sha: str = ""
    draft: bool = False
    fork: bool = False
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    closed_by: str = ""
    merge_sha: str = ""
    created: datetime | None = None
    updated: datetime | None = None


class LabelEvent(Struct, frozen=True):
    """Somebody put a label on a pull request, or took it off (`added` is False then)."""

    label: str
    by: str
    at: datetime
    added: bool = True


class PullCommit(Struct, frozen=True):
    """One commit of a pull request. `author` and `committer` are accounts of the forge, empty
    where it knows none; `author_email` is what the commit itself claims. `at` is when the forge
    got it, where that is told, else when it was made. `pushers`, of the head, are those who pushed
    it or a head before it; empty when the forge does not tell of every one."""

    sha: str
    author: str
    committer: str
    author_email: str
    message: str
    at: datetime
    verified: bool = False
    pushers: frozenset[str] = frozenset()


class Verdict(Enum):
    """What a review says."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changes requested"
    COMMENTED = "commented"
    DISMISSED = "dismissed"


class Review(Struct, frozen=True):
    """A person's verdict on the commit `sha`. `sha` is empty where the forge does not tell which
    commit was approved: an approval that may be of an older head."""

    by: str
    verdict: Verdict
    sha: str
    at: datetime


class PullFile(Struct, frozen=True):
    """A file that a pull request changes. `status` is added, modified, removed or renamed;
    `previous` the old path of a renamed one. `patch` is its unified diff without the file header,
    None when the forge does not show it: binary, or too large."""

    path: str
    status: str
    previous: str = ""
    patch: str | None = None
