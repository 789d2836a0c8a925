"""Short ways to the facts that gates are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from gitops_ci.model.discussion import Comment
from gitops_ci.model.forge_errors import ForbiddenError
from gitops_ci.model.pull_request import LabelEvent, Review, Verdict
from gitops_ci.promote.gates.facts import Carried, People, Stay

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
HEAD = "a" * 40
PUSHED = NOW - 5 * HOUR
TEAMS: Mapping[str, frozenset[str]] = {"@org/sre": frozenset({"sam", "Sue"})}


def ago(hours: float) -> datetime:
    return NOW - hours * HOUR


def review(
    by: str, verdict: Verdict = Verdict.APPROVED, sha: str = HEAD, hours: float = 1
) -> Review:
    return Review(by, verdict, sha, ago(hours))


def label(name: str, by: str, hours: float = 1, *, added: bool = True) -> LabelEvent:
    return LabelEvent(name, by, ago(hours), added)


def comment(author: str, body: str, hours: float | None = 1) -> Comment:
    return Comment("1", author, False, body, None if hours is None else ago(hours))


def members(team: str) -> frozenset[str]:
    if team not in TEAMS:
        raise ForbiddenError(f"{team} cannot be read", "let the App read members")
    return TEAMS[team]


def people(
    *reviews: Review,
    labels: tuple[LabelEvent, ...] = (),
    comments: tuple[Comment, ...] = (),
    carriers: tuple[str, ...] = ("ann",),
    head_since: datetime | None = PUSHED,
    may_write: Callable[[str], bool] = lambda login: login != "guest",
) -> People:
    return People(
        HEAD, head_since, reviews, labels, comments, frozenset(carriers), members, may_write
    )


def carried(problem: str = "", **stays: tuple[float, float | None]) -> Carried:
    """One version with one stay in each environment: (hours ago it came, hours ago it left)."""
    known = {
        name: (Stay(ago(since), None if until is None else ago(until)),)
        for name, (since, until) in stays.items()
    }
    return Carried("web", "1.2", known, problem)
