"""The one summary comment: whether to write it, and which one to edit."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from gitops_ci.model.discussion import Comment
from gitops_ci.report.review.marks import Sticky, sticky_in


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


def _is_of(comment: Comment, mark: Sticky) -> bool:
    found = sticky_in(comment.body)
    return found is not None and found.family == mark.family


def _text(body: str) -> str:
    """The comment without its mark; forges change line ends and trim."""
    return body.replace("\r\n", "\n").partition("\n")[2].rstrip()
