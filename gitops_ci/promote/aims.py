"""Which state a rollback goes back to, out of those that stood on the branch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from gitops_ci.promote.epochs import Epoch
from gitops_ci.promote.request import Wanted
from gitops_ci.promote.versions.semver import is_older


class NoStateError(Exception):
    """There is no such state; the message says why, `done` that it is where it should be."""

    def __init__(self, message: str, *, done: bool = False) -> None:
        super().__init__(message)
        self.done = done


class Previous(Struct, frozen=True):
    """The state before the present one."""

    def find(self, epochs: Sequence[Epoch]) -> Epoch:
        """Raises NoStateError; also where the last change went back already, so that asking twice
        does not go back twice."""
        standing = [epoch for epoch in epochs if epoch.commit]
        if len(standing) < 2:
            raise NoStateError("nothing else has stood here, as far as its history goes")
        last, before = standing[-1], standing[-2]
        if any(epoch.contents == last.contents for epoch in standing[:-1]) or _down(before, last):
            when = f"{last.since:%Y-%m-%d %H:%M} UTC" if last.since else "before"
            message = f"went back already ({last.commit[:12]}, {when}); `--to` goes further back"
            raise NoStateError(message, done=True)
        return before


class AtTime(Struct, frozen=True):
    """What stood at a moment."""

    moment: datetime

    def find(self, epochs: Sequence[Epoch]) -> Epoch:
        """Raises NoStateError."""
        found = [e for e in epochs if e.commit and e.since is not None and e.since <= self.moment]
        if not found:
            when = f"{self.moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
            raise NoStateError(f"nothing stood here at {when}, as far as its history goes")
        return found[-1]


class AtVersion(Struct, frozen=True):
    """The newest state with a version."""

    wanted: Wanted
    text: str

    def find(self, epochs: Sequence[Epoch]) -> Epoch:
        """Raises NoStateError."""
        for epoch in reversed(epochs):
            if any(self.wanted.is_held(pin) for state in epoch.states for pin in state.pins):
                return epoch
        raise NoStateError(f"{self.text} has not stood here, as far as its history goes")


class AtCommit(Struct, frozen=True):
    """What stood at a commit of the first-parent line. `ages` counts how many commits each one lies
    behind the tip."""

    commit: str
    ages: Mapping[str, int]

    def find(self, epochs: Sequence[Epoch]) -> Epoch:
        """Raises NoStateError."""
        age = self.ages.get(self.commit)
        if age is None:
            message = f"commit {self.commit[:12]} is not on the branch's first-parent history"
            raise NoStateError(message)
        found = [e for e in epochs if e.commit and self.ages.get(e.commit, -1) >= age]
        if not found:
            raise NoStateError(f"nothing stood here at commit {self.commit[:12]}")
        return found[-1]


Aim = Previous | AtTime | AtVersion | AtCommit
"""Every way to say where to."""


def _down(before: Epoch, after: Epoch) -> bool:
    """Whether a version went down from one to the other."""
    was = {(s.place, p.slot): p.version.tag for s in before.states for p in s.pins}
    now = {(s.place, p.slot): p.version.tag for s in after.states for p in s.pins}
    return any(is_older(now[key], was[key]) is True for key in was.keys() & now.keys())
