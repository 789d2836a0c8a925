"""Hits to places in the file, and of several hits on the same secret the one that says most."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import locate
from gitops_ci.model.span import Location, Span
from gitops_ci.secrets import rules
from gitops_ci.secrets.hit import Entry, Hit, Stretch
from gitops_ci.secrets.source_text import SourceText

_LEAST = (rules.TOKEN, rules.CREDENTIAL, rules.URL_CREDENTIALS)
_GENERAL = (*_LEAST, rules.KUBERNETES_SECRET, rules.EXTERNAL_SECRET_LITERAL)
"""Rules that say less than any other, in order."""


class Placed(Struct, frozen=True):
    """A hit and where it is."""

    hit: Hit
    location: Location


def placed(hits: Iterable[Hit], text: SourceText, source: SourceFile | None) -> list[Placed]:
    """The hits of one file with their places, one for each secret, in the order of the file."""
    found = [Placed(hit, _location(hit, text, source)) for hit in hits]
    found.sort(key=lambda item: _range(item.location))
    groups: list[list[Placed]] = []
    end = -1
    for item in found:
        first, last = _range(item.location)
        if groups and first < end:
            groups[-1].append(item)
        else:
            groups.append([item])
        end = max(end, last)
    return _distinct([_best(group) for group in groups])


def _distinct(items: list[Placed]) -> list[Placed]:
    """Without the same value twice on the same line."""
    known: dict[tuple[int, str], int] = {}
    result: list[Placed] = []
    for item in items:
        key = (item.location.line, item.hit.value.reveal().strip())
        if key not in known:
            known[key] = len(result)
            result.append(item)
        else:
            result[known[key]] = _best([result[known[key]], item])
    return result


def _best(group: list[Placed]) -> Placed:
    """The most severe hit of a group, among equal ones the most telling; what others know about
    the object goes with it."""
    if len(group) == 1:
        return group[0]
    best = max(group, key=lambda item: (item.hit.severity, _rank(item), _is_entry(item)))
    structural = next((item for item in group if isinstance(item.hit.place, Entry)), best)
    hit = replace(best.hit, object=best.hit.object or structural.hit.object)
    if best.hit.identity or not isinstance(structural.hit.place, Entry):
        return Placed(hit, best.location)
    route, document = structural.location.route, structural.location.document
    return Placed(hit, replace(best.location, route=route, document=document))


def _is_entry(item: Placed) -> bool:
    """Of a key in a block of text the entry that holds the block is shown."""
    return isinstance(item.hit.place, Entry)


def _rank(item: Placed) -> int:
    rule = item.hit.rule
    return _GENERAL.index(rule) if rule in _GENERAL else len(_GENERAL)


def _range(location: Location) -> tuple[int, int]:
    return (location.span.start, location.span.end) if location.span else (-1, -1)


def _location(hit: Hit, text: SourceText, source: SourceFile | None) -> Location:
    place = hit.place
    if isinstance(place, Stretch):
        span = text.lines.span(*_trimmed(text.text, place))
        return Location(text.path, span)
    if source is None:
        return Location(text.path)
    location = locate(source, place.document, place.route).location
    narrow = _inner(place, location.span, text)
    return replace(location, span=narrow) if narrow else location


def _trimmed(text: str, place: Stretch) -> tuple[int, int]:
    """A key that spans lines is shown by its first one."""
    newline = text.find("\n", place.start, place.end)
    return place.start, place.end if newline < 0 else newline


def _inner(place: Entry, span: Span | None, text: SourceText) -> Span | None:
    """Where the value itself stands in a longer text, if it is written there as it is."""
    if place.inner is None or span is None:
        return None
    wanted = place.inner.reveal().partition("\n")[0]
    if not wanted:
        return None
    start = text.text.find(wanted, span.start, span.end)
    return text.lines.span(start, start + len(wanted)) if start >= 0 else None
