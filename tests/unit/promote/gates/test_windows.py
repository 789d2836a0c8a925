"""Windows against an oracle that looks at every minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gitops_ci.config.model_promotion import Windows
from gitops_ci.promote.gates.verdict import State
from gitops_ci.promote.gates.windows import opening_of, windows_gate

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
         "America/Santiago", "Africa/Casablanca")  # fmt: skip
"""Five of them change their clocks: by an hour, by half of one, at midnight, back for Ramadan."""
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MINUTE = timedelta(minutes=1)


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


CASES = [
    # allow, deny, zone, now, open, the next change
    ((), (), "UTC", "2026-11-26T12:00", True, None),
    (("Mon-Thu 09:00-16:00",), (), "UTC", "2026-11-26T12:00", True, "2026-11-26T16:00"),
    (("Mon-Thu 09:00-16:00",), (), "UTC", "2026-11-26T16:00", False, "2026-11-30T09:00"),
    (("Mon-Thu 09:00-16:00",), (), "UTC", "2026-11-26T08:59", False, "2026-11-26T09:00"),
    (("22:00-06:00",), (), "UTC", "2026-11-26T23:00", True, "2026-11-27T06:00"),
    (("Fri 22:00-06:00",), (), "UTC", "2026-11-28T05:59", True, "2026-11-28T06:00"),
    (("Fri 22:00-06:00",), (), "UTC", "2026-11-29T05:59", False, "2026-12-04T22:00"),
    ((), ("12-20..01-03",), "UTC", "2026-12-31T10:00", False, "2027-01-04T00:00"),
    ((), ("12-20..01-03",), "UTC", "2026-12-19T23:59", True, "2026-12-20T00:00"),
    ((), ("2026-12-24",), "UTC", "2026-12-24T00:00", False, "2026-12-25T00:00"),
    ((), ("2026-12-24",), "UTC", "2026-12-25T00:00", True, None),
    (("Sat-Sun",), ("Sat-Sun",), "UTC", "2026-11-26T12:00", False, None),
    (("Mon-Sun 00:00-24:00",), (), "UTC", "2026-11-26T12:00", True, None),
    (("02-29",), (), "UTC", "2027-03-01T00:00", False, "2028-02-29T00:00"),
    # the clock goes from 02:00 to 03:00: a window that starts in between opens with the jump
    (("02:30-05:00",), (), "Europe/Berlin", "2026-03-29T01:59", False, "2026-03-29T03:00"),
    # the clock shows 02:30 twice: the window comes twice
    (("02:15-02:45",), (), "Europe/Berlin", "2026-10-25T02:20", True, "2026-10-25T02:45"),
]


@pytest.mark.parametrize(("allow", "deny", "zone", "now", "opened", "change"), CASES)
def test_case(
    allow: tuple[str, ...],
    deny: tuple[str, ...],
    zone: str,
    now: str,
    opened: bool,
    change: str | None,
) -> None:
    opening = opening_of(Windows(zone, allow, deny), at(now, zone))
    assert opening.open is opened
    assert opening.changes == (at(change, zone).astimezone(UTC) if change else None)


def test_the_second_showing_of_an_hour_opens_again() -> None:
    windows = Windows("Europe/Berlin", ("02:15-02:45",))
    first = at("2026-10-25T02:45", "Europe/Berlin")
    again = opening_of(windows, first)
    assert not again.open
    assert again.changes == at("2026-10-25T02:15", "Europe/Berlin").replace(fold=1).astimezone(UTC)


class TestWords:
    WINDOWS = Windows("Europe/Berlin", ("Mon-Thu 09:00-16:00",), ("12-20..01-03",))

    @pytest.mark.parametrize(
        ("now", "state", "text"),
        [
            ("2026-11-26T12:00", State.OPEN, "open until 16:00 CET"),
            ("2026-11-26T17:00", State.CLOSED, "opens Mon 09:00 CET"),
            ("2026-07-05T17:00", State.CLOSED, "opens Mon 09:00 CEST"),
            ("2026-12-21T10:00", State.CLOSED, "opens Mon 2027-01-04 09:00 CET"),
        ],
    )
    def test_a_verdict_says_until_when(self, now: str, state: State, text: str) -> None:
        verdict = windows_gate(self.WINDOWS, at(now, "Europe/Berlin"))
        assert (verdict.state, verdict.text) == (state, text)

    def test_windows_that_never_open(self) -> None:
        verdict = windows_gate(Windows("UTC", ("Sat",), ("Sat",)), at("2026-11-26T12:00"))
        assert (verdict.state, verdict.text) == (State.CLOSED, "never open")


def oracle(windows: Windows, now: datetime) -> bool:
    """Whether the windows are open, told from the texts and the wall clock alone."""
    local = now.astimezone(ZoneInfo(windows.timezone))
    if windows.allow and not any(_holds(text, local) for text in windows.allow):
        return False
    return not any(_holds(text, local) for text in windows.deny)


def _holds(text: str, local: datetime) -> bool:
    if ".." in text:
        first, last = text.split("..")
        here = local.strftime("%m-%d")
        return first <= here <= last if first <= last else here >= first or here <= last
    *days, hours = text.split(" ")
    first, _, last = (days[0] if days else "Mon-Sun").partition("-")
    names = [DAYS[(DAYS.index(first) + step) % 7] for step in range(7)]
    names = names[: names.index(last or first) + 1]
    start, end = hours.split("-")
    clock = local.strftime("%H:%M")
    today, before = DAYS[local.weekday()], DAYS[local.weekday() - 1]
    if start < end:
        return today in names and start <= clock < end
    return (today in names and clock >= start) or (before in names and clock < end)


def next_change(windows: Windows, now: datetime, most: int) -> datetime | None:
    """The first whole minute after `now` at which the oracle says something else."""
    state = oracle(windows, now)
    minute = now.replace(second=0, microsecond=0)
    for _ in range(most):
        minute += MINUTE
        if oracle(windows, minute) is not state:
            return minute
    return None


clocks = st.tuples(st.integers(0, 23), st.sampled_from([0, 15, 30, 59])).map(
    lambda pair: f"{pair[0]:02}:{pair[1]:02}"
)
hours = st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1]).map("-".join)
weekly = st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS), hours).map(
    lambda parts: f"{parts[0]}-{parts[1]} {parts[2]}"
)
ranges = st.sampled_from(["12-20..01-03", "03-28..03-30", "10-24..10-26", "02-28..02-29"])
windows_ = st.builds(
    Windows,
    st.sampled_from(ZONES),
    st.lists(hours | weekly, max_size=2).map(tuple),
    st.lists(hours | weekly | ranges, max_size=2).map(tuple),
)
CHANGES = ("2026-03-29T00:00", "2026-10-25T00:00", "2026-03-08T05:00", "2026-11-01T05:00",
           "2026-04-04T14:00", "2026-10-03T14:00", "2026-12-31T22:00", "2026-04-05T03:00",
           "2026-09-06T04:00", "2026-02-15T02:00", "2026-03-22T02:00")  # fmt: skip
moments = st.builds(
    lambda text, minutes: at(text) + minutes * MINUTE,
    st.sampled_from(CHANGES),
    st.integers(-1_500, 1_500),
)


@given(windows_, moments)
@example(Windows("Australia/Lord_Howe", ("01:45-02:15",)), at("2026-10-03T15:20"))
@example(Windows("Europe/Berlin", ("Sat-Sun 23:30-02:30",)), at("2026-10-25T00:10"))
def test_every_answer_is_that_of_the_oracle(windows: Windows, now: datetime) -> None:
    opening = opening_of(windows, now)
    assert opening.open is oracle(windows, now)
    expected = next_change(windows, now, 3_000)
    if expected is not None:
        assert opening.changes == expected
    elif opening.changes is not None:
        assert opening.changes > now + 3_000 * MINUTE - MINUTE


@pytest.mark.nightly
@pytest.mark.timeout(600)
@pytest.mark.parametrize("zone", ZONES)
def test_two_years_minute_by_minute(zone: str) -> None:
    windows = Windows(zone, ("Mon-Thu 09:00-16:00", "Sat 22:30-03:15"), ("12-20..01-03",))
    now, end = at("2026-01-01T00:00"), at("2028-01-01T00:00")
    opening = opening_of(windows, now)
    while now < end:
        if opening.changes is not None and now >= opening.changes:
            opening = opening_of(windows, now)
        assert opening.open is oracle(windows, now), now
        now += MINUTE
