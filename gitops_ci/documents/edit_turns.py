"""Edits that get into each other's way, made one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import lines_of
from gitops_ci.documents.read import read
from gitops_ci.documents.splice import replacement, splice
from gitops_ci.model.edit import Edit

EditStep = Callable[[SourceFile], tuple[Edit, ...]]
"""Makes edits for the file as it is by then. Raises EditRefusedError."""


def in_turn(source: SourceFile, steps: Iterable[EditStep]) -> tuple[Edit, ...]:
    """One edit that does what all steps do, each on the result of the one before."""
    now = source
    for step in steps:
        data = splice(now.data, step(now))
        now = read(source.path, data)
    lines, new = lines_of(source), lines_of(now).text
    old = lines.text
    start = _common(old, new)
    tail = _common(old[start:][::-1], new[start:][::-1])
    end = len(old) - tail
    return (replacement(source.path, lines, start, end, new[start : len(new) - tail]),)


def _common(one: str, other: str) -> int:
    """The length of the common beginning."""
    limit = min(len(one), len(other))
    return next((at for at in range(limit) if one[at] != other[at]), limit)
