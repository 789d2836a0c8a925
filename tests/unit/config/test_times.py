"""Durations and windows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.config.durations import DurationError, format_duration, parse_duration
from gitops_ci.config.windows import DateRange, Weekly, WindowError, parse_window


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("60s", 60),
        ("24h", 86400),
        ("1h30m", 5400),
        ("7d", 604800),
        ("1d2h3m4s5ms", 93784.005),
        ("500ms", 0.5),
        ("1.5h", 5400),
        ("0s", 0),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "text", ["", "60", "h", "1h 30m", "30m1h", "-1h", "1w", "1H", "１h", "1h\n", "9" * 50 + "s"]
)
def test_no_durations(text: str) -> None:
    with pytest.raises(DurationError):
        parse_duration(text)


@given(st.integers(0, 10**10))
def test_durations_survive_writing(milliseconds: int) -> None:
    seconds = milliseconds / 1000
    assert parse_duration(format_duration(seconds)) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("Mon-Thu 09:00-16:00", Weekly(frozenset((0, 1, 2, 3)), 540, 960)),
        ("Fri", Weekly(frozenset((4,)))),
        ("Sat-Mon", Weekly(frozenset((5, 6, 0)))),
        ("22:00-06:00", Weekly(frozenset(range(7)), 1320, 360)),
        ("Sun 00:00-24:00", Weekly(frozenset((6,)), 0, 1440)),
        ("12-20..01-03", DateRange((12, 20), (1, 3))),
        ("02-29", DateRange((2, 29), (2, 29))),
        ("2027-12-20..2028-01-03", DateRange((12, 20), (1, 3), (2027, 2028))),
        ("2027-12-24", DateRange((12, 24), (12, 24), (2027, 2027))),
    ],
)
def test_windows(text: str, window: object) -> None:
    assert parse_window(text) == window


@pytest.mark.parametrize(
    "text",
    [
        "",
        "monday",
        "Mun",
        "Mon-Xyz",
        "Mon 9:00-16:00",
        "Mon 09:00-25:00",
        "Mon 09:60-10:00",
        "24:00-09:00",
        "09:00-09:00",
        "13-01..01-03",
        "02-30",
        "2027-02-29",
        "2027-12-20..01-03",
        "2028-01-03..2027-12-20",
    ],
)
def test_no_windows(text: str) -> None:
    with pytest.raises(WindowError):
        parse_window(text)
