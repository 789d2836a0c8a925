"""Styles that outlive their value.

A strategic merge in kustomize puts new values into the old nodes and keeps the style of these. So a
number comes out as a string where a quoted string stood, and a text of several lines is folded, or
not, like the one before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gitops_ci.documents.scalars import resolve_kustomize
from gitops_ci.model.span import Route
from gitops_ci.render.kustomize.folded import written_and_read
from gitops_ci.render.kustomize.history import Hit
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.spots import Spot, source_text
from gitops_ci.render.kustomize.trace import ForeignOriginError
from gitops_ci.render.kustomize.transform.merge_step import MergeStep
from gitops_ci.render.kustomize.values import Value, get, put, text_of

_MARKS = ("'", '"', "|", ">")


def with_old_styles(resource: Resource, merged: dict[str, Any], step: MergeStep) -> dict[str, Any]:
    """`merged` with the values that took the place of strings as the old style makes them."""
    before = resource.value
    for route in list(_affected(merged, ())):
        hit, earlier = step.back(route, before, merged)
        if hit is None or earlier is None:
            continue
        old, new = get(before, earlier), get(merged, route)
        if not isinstance(old, str):
            continue
        if isinstance(new, str):
            folded = _style(resource, earlier) == ">"
            merged = put(merged, route, _lines(hit.spot, new, folded=folded))
        elif _was_quoted(resource, earlier, old):
            merged = put(merged, route, source_text(hit.spot) or text_of(new))
    return merged


def _lines(spot: Spot, text: str, *, folded: bool) -> str:
    """The text of several lines that stands at `spot`, printed in the style of the old value."""
    raw = get(spot.source.documents[spot.document].value, spot.route)
    if not isinstance(raw, str):
        return text
    return written_and_read(raw) if folded else raw


def _affected(value: Value, route: Route) -> Iterator[Route]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _affected(item, (*route, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _affected(item, (*route, index))
    elif value is not None and (not isinstance(value, str) or "\n" in value):
        yield route


def _was_quoted(resource: Resource, route: Route, text: str) -> bool:
    """Whether the string was first written with quotes or as a block; later writers keep that."""
    if not isinstance(resolve_kustomize(text), str):
        return True
    return _style(resource, route) in _MARKS


def _style(resource: Resource, route: Route) -> str:
    """The sign that the value was first written with: a quote, `|`, `>`, or a plain character."""
    hit = _first_writer(resource, route)
    return source_text(hit.spot)[:1] if hit is not None else ""


def _first_writer(resource: Resource, route: Route) -> Hit | None:
    """Who wrote the value first; None behind a step that writes the resource anew, plainly."""
    value, current = resource.value, resource.history
    following: Route | None = route
    last: Hit | None = None
    while current is not None and following is not None:
        if current.step.unties:
            return None
        hit, following = current.step.back(following, current.before, value)
        last = hit or last
        value, current = current.before, current.earlier
    if following is None:
        return last
    try:
        return resource.source.hit(following, key=False)
    except ForeignOriginError:
        return last
