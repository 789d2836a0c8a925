"""What the core needs from outside, as protocols. Adapters are chosen in `cli/wire.py` alone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time. Only adapters read the real one."""

    def now(self) -> datetime:
        """The present moment, with a time zone."""
        ...


class Progress(Protocol):
    """Tells a person that long work goes on. Never part of a result."""

    def step(self, what: str, done: int, total: int) -> None:
        """Say that `done` of `total` units of `what` are finished; `total` 0 means unknown."""
        ...

    def end(self) -> None:
        """Remove what was shown."""
        ...


class Silent:
    """The Progress that shows nothing."""

    def step(self, what: str, done: int, total: int) -> None:
        """Ignore the step."""

    def end(self) -> None:
        """Nothing to remove."""


class Approvals(Protocol):
    """Who agreed to a change."""

    def by_any(self, names: Collection[str], head: str) -> bool:
        """Whether one of the users (`@name`) and members of the teams (`@org/team`) in `names`
        approved exactly the commit `head`, and that still stands; never one who carried the
        change. What cannot be read is no approval."""
        ...


class Nobody:
    """The Approvals of a run that has no forge to ask."""

    def by_any(self, names: Collection[str], head: str) -> bool:  # noqa: ARG002 - the port has them
        """No."""
        return False
