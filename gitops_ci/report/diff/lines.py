"""One object's difference as lines of a unified diff, which text and Markdown share."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff
from typing import Any

from gitops_ci.diff.model import ABSENT, MASK, EnvironmentChange, Kind, ObjectChange, ValueChange
from gitops_ci.model.span import Location
from gitops_ci.output.terminal import visible
from gitops_ci.render.kustomize.emit import emit_one
from gitops_ci.report.plural import plural

SIGNS = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.CHANGED: "~"}
_CONTEXT = 2
_MOST_LINES = 200


def title(change: ObjectChange) -> str:
    """The object, and its former name when that is another one."""
    was = f" (was {change.was})" if change.was else ""
    return f"{change.ref}{was}"


def roots(change: ObjectChange) -> str:
    """The root that shows the change, and how many others do."""
    more = len(change.roots) - 1
    return f"{change.roots[0]} and {plural(more, 'other root')}" if more else change.roots[0]


def summary(environment: EnvironmentChange) -> str:
    """`2 changed, 1 added, 3 only in checksums or generated names`."""
    counts = (
        (environment.count(Kind.CHANGED), "changed"),
        (environment.count(Kind.ADDED), "added"),
        (environment.count(Kind.REMOVED), "removed"),
        (environment.noise, "only in checksums or generated names"),
    )
    return ", ".join(f"{count} {word}" for count, word in counts if count)


def diff_lines(change: ObjectChange) -> Iterator[str]:
    """Lines that begin with `@@`, `+`, `-` or a space, fit to be shown: nothing in them is a
    control character. Differences that are noise are counted in the last line."""
    if change.kind is not Kind.CHANGED:
        sign = SIGNS[change.kind]
        yield from _cut([f"{sign} {line}" for line in _yaml(change.document)])
        return
    for value in change.values:
        if value.noise is None:
            yield f"@@ {visible(value.path)}{_place(value.source)}"
            yield from _cut(list(_value(value)))
    folded = sorted({value.noise.value for value in change.values if value.noise})
    if folded:
        count = sum(value.noise is not None for value in change.values)
        yield f"  {plural(count, 'further difference')}: {', '.join(folded)}"


def place(location: Location | None) -> str:
    """`path:line`, or the path, or nothing."""
    if location is None:
        return ""
    return f"{location.path}:{location.line}" if location.span else location.path


def _place(location: Location | None) -> str:
    where = place(location)
    return f"  ({visible(where)})" if where else ""


def _value(value: ValueChange) -> Iterator[str]:
    if value.before == value.after == MASK:
        yield f"- {MASK}"
        yield f"+ {MASK} (another value)"
        return
    before, after = _yaml(value.before), _yaml(value.after)
    if len(before) > 1 and len(after) > 1:
        lines = unified_diff(before, after, n=_CONTEXT, lineterm="")
        for line in list(lines)[2:]:
            yield "  …" if line.startswith("@@") else f"{line[:1]} {line[1:]}"
        return
    yield from (f"- {line}" for line in before)
    yield from (f"+ {line}" for line in after)


def _yaml(value: Any) -> list[str]:
    """The value as YAML; a text of several lines as it is."""
    if value is ABSENT:
        return []
    if isinstance(value, str) and "\n" in value:
        return [visible(line) for line in value.splitlines()]
    return [visible(line) for line in emit_one(value).splitlines()]


def _cut(lines: list[str]) -> Iterator[str]:
    yield from lines[:_MOST_LINES]
    left = len(lines) - _MOST_LINES
    if left > 0:
        yield f"  … and {plural(left, 'more line')}"
