"""What keeps changes out whatever they are: a freeze, a hold, a change that is too recent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from gitops_ci.config.durations import format_duration
from gitops_ci.promote.gates.facts import Ban
from gitops_ci.promote.gates.verdict import Verdict, closed, moment, opened

FREEZE, HOLD, INTERVAL = "freeze", "hold", "minInterval"


def freeze_gate(freeze: Ban | None, now: datetime) -> Verdict:
    """Closed while a freeze is announced."""
    if freeze is None:
        return opened(FREEZE, "not frozen")
    return closed(FREEZE, f"frozen{_words(freeze, now)}", freeze.until, "gitops-ci unfreeze")


def holds_gate(holds: Iterable[tuple[str, Ban]], now: datetime) -> Iterator[Verdict]:
    """Closed for each app that the change moves while it is held."""
    for app, hold in holds:
        text = f"{app} is held{_words(hold, now)}"
        yield closed(HOLD, text, hold.until, f"gitops-ci unhold --app {app}")


def interval_gate(seconds: float, last: datetime | None, now: datetime) -> Verdict:
    """Closed until the environment has been left alone for long enough."""
    opens = last + timedelta(seconds=seconds) if last else None
    if opens is None or opens <= now:
        return opened(INTERVAL, f"no change within {format_duration(seconds)}")
    text = f"changed {moment(last or now, UTC, now)}, opens {moment(opens, UTC, now)}"
    return closed(INTERVAL, text, opens)


def _words(ban: Ban, now: datetime) -> str:
    until = f" until {moment(ban.until, UTC, now)}" if ban.until else ""
    reason = f": {ban.reason}" if ban.reason else ""
    return until + reason
