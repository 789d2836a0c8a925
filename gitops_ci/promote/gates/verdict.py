"""What one gate says."""

from __future__ import annotations

from datetime import datetime, tzinfo
from enum import Enum

from msgspec import Struct


class State(Enum):
    """Whether a gate lets the change pass."""

    OPEN = "open"
    CLOSED = "closed"
    """Time, people or evidence may still open it."""
    UNREADABLE = "unreadable"
    """What it asks for could not be read. Closed, and the run has failed."""


class Verdict(Struct, frozen=True):
    """One gate's word on one environment. `gate` is its key in the configuration; `text` says why,
    with the time where time is what is missing. `until` is when the state changes by itself: when
    a closed gate opens, or an open one closes; None when nobody knows. `hint` is what a person can
    do."""

    gate: str
    state: State
    text: str
    until: datetime | None = None
    hint: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the change may pass this gate."""
        return self.state is State.OPEN


def opened(gate: str, text: str, until: datetime | None = None) -> Verdict:
    """An open gate."""
    return Verdict(gate, State.OPEN, text, until)


def closed(gate: str, text: str, until: datetime | None = None, hint: str = "") -> Verdict:
    """A closed gate."""
    return Verdict(gate, State.CLOSED, text, until, hint)


def unreadable(gate: str, text: str, hint: str = "") -> Verdict:
    """A gate whose evidence cannot be read."""
    return Verdict(gate, State.UNREADABLE, text, None, hint)


def moment(at: datetime, zone: tzinfo, now: datetime) -> str:
    """The moment for people: `16:00 CET` today, `Mon 09:00 CET` within a week, else with the
    date."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    days = (local.date() - today).days
    form = "%H:%M %Z" if days == 0 else "%a %H:%M %Z" if 0 < days < 7 else "%a %Y-%m-%d %H:%M %Z"
    return local.strftime(form)
