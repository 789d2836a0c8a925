"""The one summary comment: whether to write it, and which one to edit."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from gitops_ci.model.discussion import Comment
from gitops_ci.report.review.marks import Run, Sticky, sticky_in


class Write(Struct, frozen=True):
    """A comment to be written: `comment` is the one to edit, None for a new one."""

    body: str
    comment: Comment | None = None


def plan_comment(
    mark: Sticky, text: str, comments: Iterable[Comment], *, matters: bool, keep: bool = True
) -> Write | None:
    """What to write, None for nothing: the same text stands there, a newer run has spoken, or there
    is nothing to say (`matters` is False) and nothing was said before. Without `keep` each run
    that has something to say writes a comment of its own."""
    body = f"{mark}\n{text}"
    own = [comment for comment in comments if comment.mine and _is_of(comment, mark)]
    if not own or not keep:
        said = any(_text(comment.body) == text.rstrip() for comment in own)
        return Write(body) if matters and not said else None
    current = own[0]
    before = sticky_in(current.body)
    assert before is not None
    if before.run > mark.run or _text(current.body) == text.rstrip():
        return None
    return Write(body, current)


class Joined(Struct, frozen=True):
    """One comment of several: `kept` stays, with the text `body` where that is not its own
    already; `others` go."""

    kept: Comment
    body: str
    others: tuple[Comment, ...]


def plan_joining(mark: Sticky, comments: Iterable[Comment]) -> Joined | None:
    """What becomes of first comments that several runs wrote at the same moment, None for a single
    one. The oldest stays and says what the latest run has to say, so that every one of the runs
    comes to the same."""
    own = sorted((c for c in comments if c.mine and _is_of(c, mark)), key=_age)
    if len(own) < 2:
        return None
    latest = max(own, key=_run)
    return Joined(own[0], "" if latest is own[0] else latest.body, tuple(own[1:]))


def _age(comment: Comment) -> tuple[int, str]:
    """Forges number their comments one after the other."""
    return (int(comment.id), "") if comment.id.isdecimal() else (0, comment.id)


def _run(comment: Comment) -> Run:
    found = sticky_in(comment.body)
    assert found is not None
    return found.run


def _is_of(comment: Comment, mark: Sticky) -> bool:
    found = sticky_in(comment.body)
    return found is not None and found.family == mark.family


def _text(body: str) -> str:
    """The comment without its mark; forges change line ends and trim."""
    return body.replace("\r\n", "\n").partition("\n")[2].rstrip()
