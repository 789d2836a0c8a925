"""Folded block scalars (`>`), which do not survive kustomize unchanged.

kustomize writes a resource as YAML and reads it again before it prints it, and keeps the style of
each scalar. The writer of go-yaml v3 doubles a line break in front of an indented line of a folded
scalar, although readers do not fold such a break: one more empty line comes out than went in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_ci.documents.document import Document, SourceFile
from gitops_ci.documents.locate import lines_of, span_of
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route
from gitops_ci.render.kustomize.values import Value, put

_HEADER = regex(rb"[:\-]\s+(?:[&!]\S+\s+)*>[-+0-9]*\s*(?:#.*)?\r?$", re.MULTILINE)
_BREAKS = regex(r"\n+")


def may_fold(source: SourceFile) -> bool:
    """Whether the file seems to hold a folded scalar at all."""
    return _HEADER.search(source.data) is not None


def refolded(source: SourceFile, document: Document, value: Value) -> Value:
    """`value` with folded scalars as kustomize prints them."""
    for route, text in list(_candidates(value, ())):
        place = span_of(source, document.index, route)
        if place is None or place.span is None or _in_annotations(route):
            continue
        if lines_of(source).text[place.span.start : place.span.start + 1] == ">":
            value = put(value, route, written_and_read(text))
    return value


def _in_annotations(route: Route) -> bool:
    """Annotations of a resource are rewritten by kustomize without their style."""
    return len(route) >= 3 and route[-3:-1] == ("metadata", "annotations")


def _candidates(value: Value, route: Route) -> Iterator[tuple[Route, str]]:
    if isinstance(value, str):
        if "\n" in value.rstrip("\n") or value.endswith("\n\n"):
            yield route, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _candidates(item, (*route, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _candidates(item, (*route, index))


def written_and_read(text: str) -> str:
    """The text after one round of writing it folded and reading it back."""
    first = text.lstrip("\n")
    if not first or first[0] in " \t":
        return text
    pieces: list[str] = []
    position = 0
    for match in _BREAKS.finditer(text):
        line = text[position : match.start()]
        after = text[match.end() : match.end() + 1]
        pieces.append(line)
        indented = line[:1] in (" ", "\t")
        last = match.end() == len(text)
        more = not indented and line and (after in (" ", "\t") if not last else len(match[0]) > 1)
        pieces.append(match[0] + ("\n" if more else ""))
        position = match.end()
    pieces.append(text[position:])
    return "".join(pieces)
