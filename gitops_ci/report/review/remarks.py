"""Remarks on the lines of the diff: which findings get one, what it says, which are done with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

from gitops_ci.model.discussion import LineComment, Thread
from gitops_ci.model.pull_request import PullFile
from gitops_ci.model.report import Judged
from gitops_ci.output.markdown_text import code, prose
from gitops_ci.report.identity import with_unique_ids
from gitops_ci.report.review.hunks import ShownLine, shown_lines
from gitops_ci.report.review.marks import remark_in, remark_mark
from gitops_ci.report.review.suggestion import Dialect, Suggestion, suggestion_of
from gitops_ci.report.words import related_places, subject

_MOST_RELATED = 3
_MOST_ON_FILES = 1
"""Each remark on a whole file is a call of its own on every forge; the summary has them all."""
_SIGNS = {"error": "❌", "warning": "⚠️", "note": "ℹ️"}
Source = Callable[[str], bytes | None]
"""The bytes of a file at the head, None when it is not there."""


class Remarks(Struct, frozen=True):
    """`new` have to be posted; `placed` are the ids (`with_unique_ids`) of the findings that have a
    remark then, those of earlier runs included; `done` are our own threads whose finding is
    gone."""

    new: tuple[LineComment, ...] = ()
    placed: frozenset[str] = frozenset()
    done: tuple[Thread, ...] = ()


class Diff(Struct, frozen=True):
    """The files of the pull request as the forge shows them."""

    lines: Mapping[str, Mapping[int, ShownLine]]
    previous: Mapping[str, str]

    @classmethod
    def of(cls, files: Iterable[PullFile]) -> Diff:
        """The diff of the files; a removed file has no side to remark on."""
        kept = [item for item in files if item.status != "removed"]
        return cls(
            {item.path: shown_lines(item.patch or "") for item in kept},
            {item.path: item.previous or item.path for item in kept},
        )


def plan_remarks(
    shown: Iterable[Judged],
    diff: Diff,
    threads: Iterable[Thread],
    source: Source,
    dialect: Dialect,
    most: int,
) -> Remarks:
    """The remarks for the findings `shown`, the weightiest first, at most `most` with those that
    stand already. Lines outside of the diff get a remark on their file, once; files outside of it
    none. What somebody else resolved is not said again while the finding stays, and does not count.
    A thread in which somebody replied is never touched."""
    items = dict(with_unique_ids(sorted(shown, key=_weight)))
    mine = [thread for thread in threads if thread.mine and remark_in(thread.body)]
    open_ = {remark_in(thread.body): thread for thread in mine if not thread.resolved}
    standing = frozenset(open_) & frozenset(items)
    settled = {remark_in(thread.body) for thread in mine if thread.settled} & frozenset(items)
    new: list[LineComment] = []
    placed = set(standing)
    on_files = sum(1 for identity in standing if not open_[identity].line)
    for identity, judged in items.items():
        if identity in placed or identity in settled or len(placed) >= most:
            continue
        remark = _remark(identity, judged, diff, source, dialect)
        if remark is None or (not remark.line and on_files >= _MOST_ON_FILES):
            continue
        new.append(remark)
        placed.add(identity)
        on_files += not remark.line
    done = tuple(
        thread for identity, thread in open_.items() if identity not in items and not thread.replies
    )
    return Remarks(tuple(new), frozenset(placed | settled), done)


def _weight(judged: Judged) -> tuple[int, str, int]:
    place = judged.finding.location
    return -judged.finding.severity, place.path, place.line


def _remark(
    identity: str, judged: Judged, diff: Diff, source: Source, dialect: Dialect
) -> LineComment | None:
    path = judged.finding.location.path
    lines = diff.lines.get(path)
    if lines is None:
        return None
    suggestion = suggestion_of(judged.finding.fix, lines, source, path)
    first, last = (
        (suggestion.first, suggestion.last)
        if suggestion
        else (judged.finding.location.line, judged.finding.location.line)
    )
    shown = lines.get(last)
    if shown is None:
        first = last = 0
    anchor = first if dialect.anchors_at_start else last
    body = "\n".join((remark_mark(identity), *_body(judged, suggestion, dialect)))
    return LineComment(
        path,
        anchor,
        body,
        start_line=first if first != last and not dialect.anchors_at_start else 0,
        old_path=diff.previous[path],
        old_line=lines[anchor].old if anchor else 0,
    )


def _body(judged: Judged, suggestion: Suggestion | None, dialect: Dialect) -> Iterator[str]:
    finding = judged.finding
    word = finding.severity.word
    yield f"{_SIGNS[word]} **{word}** {code(finding.rule.id)}: {prose(finding.message)}"
    if finding.hint:
        yield ""
        yield f"💡 {prose(finding.hint)}"
    about = subject(judged)
    if about:
        yield ""
        yield f"<sub>{prose(about)}</sub>"
    for message, places, more in related_places(finding, _MOST_RELATED):
        rest = f" and {more} more" if more else ""
        yield f"<sub>{prose(message)}: {', '.join(map(code, places))}{rest}</sub>"
    if suggestion:
        yield ""
        yield from dialect.block(suggestion)
