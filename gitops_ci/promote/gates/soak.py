"""How long a version has to have stood in the environment that it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from gitops_ci.config.durations import format_duration
from gitops_ci.config.model import Sources
from gitops_ci.promote.gates.facts import Carried, Stay
from gitops_ci.promote.gates.verdict import Verdict, closed, moment, opened, unreadable

GATE = "soak"
_DEPTH = "let the job see the whole history, for instance with `fetch-depth: 0`"


def soak_gate(
    seconds: float, sources: Sources, carried: Iterable[Carried], now: datetime
) -> Verdict:
    """Whether each carried version stood long enough, at any time up to now, in one stretch. The
    worst one speaks for all."""
    verdicts = [_of(item, seconds, sources, now) for item in carried]
    shut = [verdict for verdict in verdicts if not verdict.is_open]
    if not shut:
        return opened(GATE, f"stood {format_duration(seconds)} in {' and '.join(sources.names)}")
    broken = [verdict for verdict in shut if not verdict.until]
    return broken[0] if broken else max(shut, key=lambda verdict: verdict.until or now)


def _of(item: Carried, seconds: float, sources: Sources, now: datetime) -> Verdict:
    if item.problem:
        return unreadable(GATE, f"{item}: {item.problem}", _DEPTH)
    verdicts = [_in(item, name, seconds, now) for name in sources.names]
    shut = [verdict for verdict in verdicts if not verdict.is_open]
    if not shut or (sources.any and len(shut) < len(verdicts)):
        return opened(GATE, f"{item} stood long enough")
    timed = [verdict for verdict in shut if verdict.until]
    if not sources.any:
        return next((v for v in shut if not v.until), None) or max(timed, key=_until)
    return min(timed, key=_until) if timed else shut[0]


def _in(item: Carried, source: str, seconds: float, now: datetime) -> Verdict:
    stays = item.stays.get(source, ())
    if not stays:
        return closed(GATE, f"{item} never stood in {source}", hint=f"promote it to {source} first")
    if any(_length(stay, now) >= seconds for stay in stays):
        return opened(GATE, f"{item} stood long enough in {source}")
    wanted = format_duration(seconds)
    current = next((stay for stay in stays if stay.until is None), None)
    if current is None:
        longest = format_duration(max(_length(stay, now) // 60 * 60 for stay in stays))
        text = f"{item} left {source} after {longest} of {wanted}"
        return closed(GATE, text, hint="carry a version that stands there now")
    opens = current.since + timedelta(seconds=seconds)
    for_now = format_duration(_length(current, now) // 60 * 60)
    text = (
        f"{item} has stood in {source} for {for_now} of {wanted}, opens {moment(opens, UTC, now)}"
    )
    return closed(GATE, text, opens)


def _length(stay: Stay, now: datetime) -> float:
    return ((stay.until or now) - stay.since).total_seconds()


def _until(verdict: Verdict) -> datetime:
    assert verdict.until is not None
    return verdict.until
