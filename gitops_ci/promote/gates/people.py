"""Who agreed: approvals of exactly this head, and the way round the windows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from gitops_ci.config.model_promotion import Approvals, WindowOverride
from gitops_ci.model.forge_errors import ForgeError
from gitops_ci.model.pull_request import LabelEvent, Review
from gitops_ci.model.pull_request import Verdict as Says
from gitops_ci.promote.gates.facts import People
from gitops_ci.promote.gates.verdict import Verdict, closed, opened, unreadable

GATE = "approvals"
OVERRIDE = "override"
_REASON = "override:"
"""How the comment begins in which the reason of an override stands."""


class Eligible:
    """Who of `named` (users and teams; anybody with write access when empty) an account is."""

    def __init__(self, named: Iterable[str], people: People) -> None:
        self._people = people
        self._users: set[str] = set()
        self._teams: list[str] = []
        for name in named:
            plain = name.removeprefix("@").lower()
            if "/" in plain:
                self._teams.append(name)
            else:
                self._users.add(plain)

    def __call__(self, login: str) -> bool:
        """Whether the account counts. Raises ForgeError when a team cannot be read."""
        if not self._users and not self._teams:
            return self._people.may_write(login)
        plain = login.lower()
        return plain in self._users or any(plain in self._of(team) for team in self._teams)

    def _of(self, team: str) -> frozenset[str]:
        return frozenset(login.lower() for login in self._people.members(team))


def approvals_gate(approvals: Approvals, people: People | None, gate: str = GATE) -> Verdict:
    """Whether enough people approved the head; nobody who carried the change counts, unless
    `notAuthor` is off. A team that cannot be read is a closed gate."""
    if not approvals.count:
        return opened(gate, "no approval needed")
    if people is None:
        return closed(gate, "there is no pull request to approve")
    if approvals.not_author and people.unread:
        return unreadable(gate, people.unread)
    try:
        counted, others = _sorted(approvals, people)
    except ForgeError as error:
        return unreadable(gate, error.message, error.hint)
    whom = f" from {' or '.join(approvals.people)}" if approvals.people else ""
    text = f"{len(counted)} of {approvals.count} approvals{whom}"
    if len(counted) >= approvals.count:
        return opened(gate, f"{text}: {', '.join(counted)}")
    return closed(gate, "; ".join([text, *others]), hint="an approval has to be of the latest head")


def _sorted(approvals: Approvals, people: People) -> tuple[list[str], list[str]]:
    """The logins whose approvals count, and for each other approval why it does not."""
    carriers = {login.lower() for login in people.carriers}
    eligible = Eligible(approvals.people, people)
    counted: list[str] = []
    others: list[str] = []
    for review in standing(people.reviews):
        if review.verdict is not Says.APPROVED:
            continue
        if approvals.not_author and review.by.lower() in carriers:
            others.append(f"{review.by} carried the change")
        elif not _is_of_head(review, people):
            others.append(f"{review.by} approved an earlier head")
        elif not eligible(review.by):
            others.append(f"{review.by} does not count")
        else:
            counted.append(review.by)
    return counted, others


def standing(reviews: Iterable[Review]) -> list[Review]:
    """The last verdict of each person; a mere comment takes nothing back."""
    last: dict[str, Review] = {}
    for review in sorted(reviews, key=lambda review: review.at):
        if review.verdict is not Says.COMMENTED:
            last[review.by.lower()] = review
    return list(last.values())


def _is_of_head(review: Review, people: People) -> bool:
    """Whether the review saw the head. Where the forge does not tell which commit it was of, it has
    to be later than the push of the head."""
    if review.sha:
        return review.sha == people.head
    return people.head_since is not None and review.at >= people.head_since


class Overridden(Struct, frozen=True):
    """Somebody opened the windows: who, why, until when."""

    by: str
    reason: str
    until: datetime


def override_of(
    rules: WindowOverride, people: People | None, now: datetime
) -> Overridden | Verdict | None:
    """The override in force; a verdict that says what is wrong with it; None without the label.

    The label counts when one of `by` set it after the latest push, gave a reason where one is
    required (a comment that begins with `override:`), and the time is not over.
    """
    event = _label(rules.label, people)
    if people is None or event is None:
        return None
    until = event.at + timedelta(seconds=rules.duration)
    if people.head_since is None or event.at < people.head_since:
        return _faulty(
            f"`{rules.label}` was set before the latest push", "take it off, set it anew"
        )
    if now >= until:
        return _faulty(f"`{rules.label}` of {event.by} is over since {until:%Y-%m-%d %H:%M %Z}")
    try:
        if not Eligible(rules.by, people)(event.by):
            return _faulty(
                f"{event.by} may not set `{rules.label}`", f"one of {', '.join(rules.by)}"
            )
    except ForgeError as error:
        return unreadable(OVERRIDE, error.message, error.hint)
    reason = _reason(event, people)
    if not reason and rules.reason == "required":
        hint = f"{event.by} writes a comment that begins with `{_REASON}`"
        return _faulty(f"`{rules.label}` of {event.by} has no reason", hint)
    return Overridden(event.by, reason, until)


def _label(name: str, people: People | None) -> LabelEvent | None:
    """The event that put the label on, if it is on."""
    events = [event for event in (people.labels if people else ()) if event.label == name]
    last = max(events, key=lambda event: event.at, default=None)
    return last if last is not None and last.added else None


def _reason(event: LabelEvent, people: People) -> str:
    """The latest reason that the person gave since the latest push."""
    since, by = people.head_since, event.by.lower()
    for comment in reversed(people.comments):
        fresh = since is not None and comment.at is not None and comment.at >= since
        first = comment.body.strip().partition("\n")[0]
        if fresh and comment.author.lower() == by and first.lower().startswith(_REASON):
            return first[len(_REASON) :].strip()
    return ""


def _faulty(text: str, hint: str = "") -> Verdict:
    return closed(OVERRIDE, text, hint=hint)
