"""What becomes of a change, given how its branch and its proposal stand. Pure.

The same for every forge; the adapters only observe and act.
"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from gitops_ci.model.change import Etiquette
from gitops_ci.model.pull_request import PullRequest, PullState


class Act(Enum):
    """What there is to do."""

    NOTHING = "nothing"
    DECLINE = "decline"
    RECOMPUTE = "recompute"
    CLOSE = "close"
    PUT = "put"
    """Bring branch and proposal to where the change wants them."""


class Head(Struct, frozen=True):
    """The commit at the tip of the proposal's branch. `own`: we made it and nobody changed it.
    `payload` is what it carries. `merged`: it is part of the base. `overtaken`: the base has
    changed files of it since."""

    sha: str
    own: bool = False
    payload: str = ""
    merged: bool = False
    overtaken: bool = False


class Seen(Struct, frozen=True):
    """How things stand. `empty`: the change would change nothing. `head` is None without a branch;
    `pull` is the open proposal, else the newest one, else None. `vetoed`: a person closed the
    newest one while it carried this payload. `others` counts the other open proposals. `base` is
    the branch that the change is for. `expects` is the standing commit that the change was
    computed from, None when it does not matter."""

    payload: str
    empty: bool
    head: Head | None = None
    pull: PullRequest | None = None
    described: str = ""
    vetoed: bool = False
    approved: bool = False
    others: int = 0
    base: str = ""
    expects: str | None = None

    @property
    def open(self) -> bool:
        """Whether a proposal is open."""
        return self.pull is not None and self.pull.state is PullState.OPEN

    @property
    def standing(self) -> str:
        """The commit of our own that the next change has to build upon; empty when none does. One
        that never became a proposal counts: a run ended between the two."""
        if self.head is None or not self.head.own or self.head.merged:
            return ""
        tried = self.pull is not None and self.pull.head_sha == self.head.sha
        return self.head.sha if self.open or not tried else ""


class Decision(Struct, frozen=True):
    """What to do and why. With PUT, `commit` says that a new commit is needed, `propose` that a
    proposal has to be opened, `describe` that its text is to be replaced. `tell` says that people
    are to read the reason, once."""

    act: Act
    reason: str = ""
    commit: bool = False
    propose: bool = False
    describe: bool = False
    tell: bool = False


_NOTHING_TO_CHANGE = Decision(Act.NOTHING, "there is nothing to change")


def decide(seen: Seen, rules: Etiquette) -> Decision:
    """The one thing to do next."""
    if _of_people(seen) and not rules.overwrite:
        if seen.empty and not seen.open:
            return _NOTHING_TO_CHANGE
        reason = "the branch has commits of somebody else"
        return Decision(Act.DECLINE, reason, tell=seen.open)
    if seen.open and seen.pull is not None and seen.pull.base not in ("", seen.base):
        return Decision(Act.DECLINE, "a person pointed it to another branch")
    if seen.empty:
        closing = Decision(Act.CLOSE, "there is nothing left to change")
        return closing if seen.open else _NOTHING_TO_CHANGE
    fresh = _is_fresh(seen)
    if seen.expects is not None and seen.expects != seen.standing and not fresh:
        return Decision(Act.RECOMPUTE, "the proposal was changed meanwhile")
    return _open(seen, rules, fresh=fresh) if seen.open else _closed(seen, rules, fresh=fresh)


def _open(seen: Seen, rules: Etiquette, *, fresh: bool) -> Decision:
    if fresh and seen.described == seen.payload:
        return Decision(Act.NOTHING)
    if not fresh and rules.keep_approved and seen.approved:
        return Decision(Act.NOTHING, "it is approved, so it is left alone")
    return Decision(Act.PUT, commit=not fresh, describe=True)


def _closed(seen: Seen, rules: Etiquette, *, fresh: bool) -> Decision:
    if seen.vetoed and not rules.reopen:
        return Decision(Act.DECLINE, "a person closed this change")
    if rules.most_open and seen.others >= rules.most_open:
        return Decision(Act.DECLINE, f"{seen.others} proposals are open already (`pr.maxOpen`)")
    return Decision(Act.PUT, commit=not fresh, propose=True)


def _of_people(seen: Seen) -> bool:
    return seen.head is not None and not seen.head.own and not seen.head.merged


def _is_fresh(seen: Seen) -> bool:
    """Whether the branch carries the change already, in a form that still fits the base."""
    head = seen.head
    return (
        head is not None
        and head.own
        and not head.merged
        and not head.overtaken
        and head.payload == seen.payload
    )
