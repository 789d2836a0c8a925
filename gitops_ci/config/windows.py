"""Times at which changes may go in: hours of the week, or ranges of the year."""

from __future__ import annotations

import re
from datetime import date

from msgspec import Struct

from gitops_ci.model.regex import regex

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MINUTES = 24 * 60
_LEAP_YEAR = 2024
_WEEKLY = regex(
    r"([A-Z][a-z]{2})(?:-([A-Z][a-z]{2}))?(?: (\d\d):(\d\d)-(\d\d):(\d\d))?\Z", re.ASCII
)
_HOURS = regex(r"(\d\d):(\d\d)-(\d\d):(\d\d)\Z", re.ASCII)
_RANGE = regex(r"(?:(\d{4})-)?(\d\d)-(\d\d)(?:\.\.(?:(\d{4})-)?(\d\d)-(\d\d))?\Z", re.ASCII)


class WindowError(ValueError):
    """A text that is no window; the message says why."""


class Weekly(Struct, frozen=True):
    """Hours of some days of the week (0 = Monday), in minutes since midnight. An end before the
    start lies on the next day."""

    days: frozenset[int]
    start: int = 0
    end: int = _MINUTES


class DateRange(Struct, frozen=True):
    """Days of the year, both ends included, as (month, day); `years` bind it to single years. An
    end before the start lies in the next year."""

    start: tuple[int, int]
    end: tuple[int, int]
    years: tuple[int, int] | None = None


def parse_window(text: str) -> Weekly | DateRange:
    """The window that `text` spells: `Mon-Thu 09:00-16:00`, `Sat-Sun`, `22:00-06:00`,
    `12-20..01-03`, `2027-12-20..2028-01-03`. Raises WindowError."""
    if hours := _HOURS.match(text):
        return Weekly(frozenset(range(7)), *_hours(hours.groups()))
    if weekly := _WEEKLY.match(text):
        first, last, *clock = weekly.groups()
        days = _days(first, last or first)
        return Weekly(days, *_hours(tuple(clock))) if clock[0] else Weekly(days)
    if dates := _RANGE.match(text):
        return _range(dates.groups())
    message = f"'{text}' is no window; write 'Mon-Thu 09:00-16:00' or '12-20..01-03'"
    raise WindowError(message)


def _days(first: str, last: str) -> frozenset[int]:
    for day in (first, last):
        if day not in DAYS:
            message = f"'{day}' is no day; days are {', '.join(DAYS)}"
            raise WindowError(message)
    start, end = DAYS.index(first), DAYS.index(last)
    return frozenset((start + step) % 7 for step in range((end - start) % 7 + 1))


def _hours(parts: tuple[str, ...]) -> tuple[int, int]:
    hour, minute, end_hour, end_minute = map(int, parts)
    start, end = hour * 60 + minute, end_hour * 60 + end_minute
    if max(minute, end_minute) > 59 or start >= _MINUTES or end > _MINUTES:
        message = "a time of day lies between 00:00 and 24:00"
        raise WindowError(message)
    if start == end:
        message = "a window has to end at another time than it starts"
        raise WindowError(message)
    return start, end


def _range(parts: tuple[str | None, ...]) -> DateRange:
    year, month, day, end_year, end_month, end_day = parts
    start = (int(month or 0), int(day or 0))
    end = (int(end_month), int(end_day)) if end_month and end_day else start
    end_year = end_year if end_month else year
    if (year is None) != (end_year is None):
        message = "either both ends of a range name the year or none does"
        raise WindowError(message)
    years = (int(year), int(end_year)) if year and end_year else None
    try:
        first = date(years[0] if years else _LEAP_YEAR, *start)
        last = date(years[1] if years else _LEAP_YEAR, *end)
    except ValueError:
        message = "there is no such day"
        raise WindowError(message) from None
    if years and last < first:
        message = "the range ends before it starts"
        raise WindowError(message)
    return DateRange(start, end, years)
