"""A set of edits that travels as one commit, and what a forge made of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from gitops_ci.model.edit import Edit, NewFile, RemoveFile

FileEdit = Edit | NewFile | RemoveFile
"""Everything that can happen to a file of the repository."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is proposed: `edits` to the files of the commit `revision`, which is the tip of the
    branch `base`, on a branch of their own.

    `branch` follows from what the change is about, never from a clock or a counter, so that the
    same change always meets its own branch again. `trailers` are (key, value) lines of the commit
    message; they explain and decide nothing. `overwrite` allows that commits of people on the
    branch are lost.
    """

    title: str
    body: str
    branch: str
    base: str
    revision: str
    edits: tuple[FileEdit, ...]
    trailers: tuple[tuple[str, str], ...] = ()
    overwrite: bool = False


class Outcome(Enum):
    """What became of a proposal."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DECLINED = "declined"
    """Left alone, because a person decided otherwise; `Proposal.reason` says who and how."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change as the forge holds it. `number` is 0 and `url` empty where the forge has none."""

    branch: str
    outcome: Outcome
    number: int = 0
    url: str = ""
    commit: str = ""
    reason: str = ""
