"""The times at which changes may go in.

A window is meant in the wall time of its zone. A minute that the clock skips is in no window, one
that it shows twice is in it twice; so an open time is as long as the clocks say, and a gate closes
again when its window ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from msgspec import Struct

from gitops_ci.config.model_promotion import Windows
from gitops_ci.config.windows import DateRange, Weekly, parse_window
from gitops_ci.promote.gates.verdict import Verdict, closed, moment, opened

GATE = "windows"
_HORIZON = 800
"""Days that are looked ahead. Rules that repeat have done so within two years."""
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


class Opening(Struct, frozen=True):
    """Whether the windows are open, and the next moment at which that changes; None when it does
    not change within two years."""

    open: bool
    changes: datetime | None


def windows_gate(windows: Windows, now: datetime) -> Verdict:
    """The verdict of the windows at `now`, which has a time zone."""
    zone = ZoneInfo(windows.timezone)
    opening = opening_of(windows, now)
    if opening.open:
        until = f" until {moment(opening.changes, zone, now)}" if opening.changes else ""
        return opened(GATE, f"open{until}", opening.changes)
    if opening.changes is None:
        return closed(GATE, "never open", hint="look at `windows` of the gate")
    return closed(GATE, f"opens {moment(opening.changes, zone, now)}", opening.changes)


def opening_of(windows: Windows, now: datetime) -> Opening:
    """Whether the windows are open at `now`, and until when that stays so."""
    calendar = Calendar(windows)
    state = calendar.is_open(now)
    for candidate in calendar.boundaries(now):
        if candidate > now and calendar.is_open(candidate) is not state:
            return Opening(state, candidate)
    return Opening(state, None)


class Calendar:
    """The windows of one gate, read."""

    def __init__(self, windows: Windows) -> None:
        self._zone: tzinfo = ZoneInfo(windows.timezone)
        self._allow = tuple(map(parse_window, windows.allow))
        self._deny = tuple(map(parse_window, windows.deny))

    def is_open(self, at: datetime) -> bool:
        """Whether a change may go in at the moment: in an allowed window (any time when there is
        none) and in no denied one."""
        local = at.astimezone(self._zone)
        allowed = not self._allow or _in_any(self._allow, local)
        return allowed and not _in_any(self._deny, local)

    def boundaries(self, now: datetime) -> Iterator[datetime]:
        """The moments from `now` on at which the state can change, in order."""
        clocks = self._clocks()
        first = now.astimezone(self._zone).date() - timedelta(days=1)
        waiting: set[datetime] = set()
        for step in range(_HORIZON + 1):
            day = first + timedelta(days=step)
            waiting.update(instant for clock in clocks for instant in self._instants(day, clock))
            waiting.update(self._transition(day))
            # a clock that jumps may push a moment of this day behind the start of the next one
            due = {moment for moment in waiting if moment < self._start(day + _DAY)}
            yield from sorted(moment for moment in due if moment >= now)
            waiting -= due

    def _clocks(self) -> set[int]:
        """The minutes of the day at which a window starts or ends."""
        minutes = {0}
        for window in (*self._allow, *self._deny):
            if isinstance(window, Weekly):
                minutes |= {window.start, window.end % (24 * 60)}
        return minutes

    def _instants(self, day: date, clock: int) -> Iterator[datetime]:
        """When the clock shows that minute of the day: once, twice, or (skipped) where it jumps."""
        wall = datetime.combine(day, time(clock // 60, clock % 60), self._zone)
        for fold in (0, 1):
            yield wall.replace(fold=fold).astimezone(UTC)

    def _transition(self, day: date) -> Iterator[datetime]:
        """The moment of the day at which the clock is changed, if it is."""
        low, high = self._start(day), self._start(day + _DAY)
        before = self._offset(low)
        if self._offset(high) == before:
            return
        while high - low > _MINUTE:
            middle = low + (high - low) // 2 // _MINUTE * _MINUTE
            if self._offset(middle) == before:
                low = middle
            else:
                high = middle
        yield high

    def _start(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone).astimezone(UTC)

    def _offset(self, at: datetime) -> timedelta | None:
        return at.astimezone(self._zone).utcoffset()


def _in_any(windows: Iterable[Weekly | DateRange], local: datetime) -> bool:
    return any(
        _in_week(window, local) if isinstance(window, Weekly) else _in_year(window, local.date())
        for window in windows
    )


def _in_week(window: Weekly, local: datetime) -> bool:
    minute = local.hour * 60 + local.minute
    if window.start < window.end:
        return local.weekday() in window.days and window.start <= minute < window.end
    yesterday = (local.weekday() - 1) % 7
    return (local.weekday() in window.days and minute >= window.start) or (
        yesterday in window.days and minute < window.end
    )


def _in_year(window: DateRange, day: date) -> bool:
    if window.years:
        first, last = window.years
        return (first, *window.start) <= (day.year, day.month, day.day) <= (last, *window.end)
    place = (day.month, day.day)
    if window.start <= window.end:
        return window.start <= place <= window.end
    return place >= window.start or place <= window.end
