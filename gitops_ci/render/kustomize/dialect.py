"""What a document means to kyaml, as far as it differs from what it means to kubectl.

kyaml reads YAML with go-yaml v3 (`yes` is a string, a date is a time), and what it prints went
through JSON: whole floats lose their fraction, times come in RFC 3339, and there is no infinity.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime

from gitops_ci.documents import scalars
from gitops_ci.documents.document import Document, Doubt, SourceFile
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route
from gitops_ci.render.kustomize.spots import Spot, source_text
from gitops_ci.render.kustomize.values import Value, get, put

_TIME = regex(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?P<mark>[Tt]| +)(\d{1,2}):(\d{1,2}):(\d{1,2})(?P<fraction>\.\d+)?"
    r"(?P<zone>Z|[-+]\d\d:\d\d)?)?\Z"
)
_FIRST_INTEGER, _END_OF_INTEGERS = -(2**63), 2**64


def kustomize_value(source: SourceFile, document: Document) -> Value:
    """The value of a document of `source` as kyaml reads it."""
    value = document.value
    keys: set[Route] = set()
    for doubt in document.doubts:
        if doubt.key and doubt.route not in keys:
            keys.add(doubt.route)  # the second doubt of a route is about the value
            continue
        old = get(value, doubt.route)
        if old is value:
            continue
        as_text = _is_annotation(doubt.route) or _is_quoted_later(source, document, doubt)
        new = doubt.text if as_text else _reading(doubt.text)
        if type(old) is not type(new) or old != new:
            value = put(value, doubt.route, new)
    return value


def _is_annotation(route: Route) -> bool:
    return len(route) >= 3 and route[-3:-1] == ("metadata", "annotations")


def _is_quoted_later(source: SourceFile, document: Document, doubt: Doubt) -> bool:
    """Whether kyaml writes the scalar with quotes on its way, which makes a time a string: it does
    so between brackets and braces, where a colon has a meaning."""
    if ":" not in doubt.text:
        return False
    parent = source_text(Spot(source, document.index, doubt.route[:-1]))
    return parent.startswith(("[", "{"))


def _reading(text: str) -> Value:
    if scalars.is_date(text):
        return rfc3339(text)
    return _through_json(scalars.resolve_kustomize(text))


def through_json(value: Value) -> Value:
    """The value behind JSON: whole floats become integers while 64 bits hold them. What does not
    change is shared."""
    if isinstance(value, dict):
        fields = {name: through_json(item) for name, item in value.items()}
        return value if all(fields[name] is value[name] for name in fields) else fields
    if isinstance(value, list):
        items = [through_json(item) for item in value]
        return value if all(a is b for a, b in zip(items, value, strict=True)) else items
    return _through_json(value)


def _through_json(value: Value) -> Value:
    if isinstance(value, float) and value.is_integer():
        whole = int(value)
        return whole if _FIRST_INTEGER <= whole < _END_OF_INTEGERS else value
    return value


def rfc3339(text: str) -> str:
    """A time as Go prints it; the text itself when go-yaml takes it for none. Source of the forms:
    `allowedTimestampFormats` in resolve.go of go-yaml v3."""
    match = _TIME.match(text)
    if match is None:
        return text
    year, month, day, hour, minute, second = (int(n or 0) for n in match.group(1, 2, 3, 5, 6, 7))
    mark, zone = match["mark"], match["zone"]
    if mark and (mark in "Tt") != bool(zone):
        return text
    try:
        time = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return text
    fraction = (match["fraction"] or "")[:10].rstrip("0").rstrip(".")
    shown = "Z" if zone in (None, "+00:00", "-00:00") else zone
    return f"{time:%Y-%m-%dT%H:%M:%S}{fraction}{shown}"


def not_in_json(value: Value, route: Route = ()) -> Iterator[Route]:
    """The routes of infinities and not-a-numbers."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from not_in_json(item, (*route, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from not_in_json(item, (*route, index))
    elif isinstance(value, float) and not math.isfinite(value):
        yield route
