"""A set of edits that travels as one commit, and what a forge made of it."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from gitops_ci.model.edit import Edit, NewFile, RemoveFile

FileEdit = Edit | NewFile | RemoveFile
"""Everything that can happen to a file of the repository."""


class Etiquette(Struct, frozen=True):
    """How a proposal behaves towards people.

    `overwrite` allows that their commits on the branch are lost, `reopen` that a proposal comes
    again which a person closed, `keep_approved` that an approved one stays as it is. `most_open`
    is how many may be open at once, 0 for any number; those are counted whose branch begins with
    `family`. `unit` names what the proposal is about: an older one with another branch and the
    same unit is closed. Only `labels` are ever set or removed; `reviewers` are asked once.
    """

    overwrite: bool = False
    reopen: bool = False
    keep_approved: bool = False
    most_open: int = 0
    family: str = ""
    unit: str = ""
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    draft: bool = False


class Change(Struct, frozen=True):
    """What is proposed: `edits` to the files of the commit `revision`, which is the tip of the
    branch `base`, on a branch of their own.

    `branch` follows from what the change is about, never from a clock or a counter, so that the
    same change always meets its own branch again. `standing` is the commit of our own proposal
    that the change builds upon (see `Forge.standing`): when the branch is elsewhere by then, the
    proposal fails with a ConflictError. None means that it does not matter. `trailers` are (key,
    value) lines of the commit message; they explain and decide nothing.
    """

    title: str
    body: str
    branch: str
    base: str
    revision: str
    edits: tuple[FileEdit, ...]
    trailers: tuple[tuple[str, str], ...] = ()
    standing: str | None = None
    etiquette: Etiquette = Etiquette()


class Outcome(Enum):
    """What became of a proposal."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CLOSED = "closed"
    """There is nothing left to change; `Proposal.reason` says why."""
    DECLINED = "declined"
    """Left alone, because a person decided otherwise; `Proposal.reason` says who and how."""


class Proposal(Struct, frozen=True):
    """A change as the forge holds it. `number` is 0 and `url` empty where the forge has none."""

    branch: str
    outcome: Outcome
    number: int = 0
    url: str = ""
    commit: str = ""
    reason: str = ""


class MergeMessage(Struct, frozen=True):
    """The message of a merge commit that we make."""

    title: str
    body: str = ""
    squash: bool | None = None


class Merging(Enum):
    """How far a merge came."""

    MERGED = "merged"
    ARMED = "armed"
    """The forge merges by itself once everything is green."""
    QUEUED = "queued"
    BLOCKED = "blocked"
    """It cannot be merged now; `MergeResult.reason` says why."""


class MergeResult(Struct, frozen=True):
    """What became of a merge; `commit` is the merge commit, empty unless merged."""

    state: Merging
    commit: str = ""
    reason: str = ""
