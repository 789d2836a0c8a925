"""Remedies to edits: where the value of a rendered object stands in a file of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.edits import EditRefusedError, delete, insert, set_scalar
from gitops_ci.model.edit import Edit, Fix
from gitops_ci.model.span import Location, Route
from gitops_ci.policy.fault import Remedy
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.routes import MISSING, at

Sources = Callable[[str], SourceFile | None]
"""The parsed file of the repository at a path; None when there is none."""


def no_sources(_path: str) -> SourceFile | None:
    """For runs in which nothing is to be mended."""
    return None


def fix_of(remedy: Remedy, rendered: RenderedObject, sources: Sources) -> Fix | None:
    """The fix that brings the remedy into the file that sets the value. None where that is not
    known exactly, where the value is made by something else than the same field of a file, and
    where the edit cannot be proved."""
    try:
        edits = _edits(remedy, rendered, sources)
    except EditRefusedError:
        return None
    return Fix(remedy.title, edits, remedy.safe) if edits else None


def _edits(remedy: Remedy, rendered: RenderedObject, sources: Sources) -> tuple[Edit, ...]:
    present = at(rendered.value, remedy.route) is not MISSING
    if remedy.remove:
        place = _place(remedy.route, rendered, key=True) if present else None
        source = sources(place.path) if place else None
        return delete(source, place.document, place.route) if place and source else ()
    if present:
        place = _place(remedy.route, rendered)
        source = sources(place.path) if place else None
        if place is None or source is None:
            return ()
        return set_scalar(source, place.document, place.route, remedy.value)
    return _added(remedy, rendered, sources)


def _added(remedy: Remedy, rendered: RenderedObject, sources: Sources) -> tuple[Edit, ...]:
    """The edit that adds what is missing below the nearest parent that there is."""
    depth = len(remedy.route) - 1
    while depth and at(rendered.value, remedy.route[:depth]) is MISSING:
        depth -= 1
    parent, missing = remedy.route[:depth], remedy.route[depth:]
    place = _place(parent, rendered)
    source = sources(place.path) if place else None
    if place is None or source is None or any(isinstance(step, int) for step in missing):
        return ()
    value: Any = remedy.value
    for step in reversed(missing[1:]):
        value = {step: value}
    return insert(source, place.document, (*place.route, missing[0]), value)


def _place(route: Route, rendered: RenderedObject, *, key: bool = False) -> Location | None:
    """Where the value stands, if the same field of a file sets it. An `images:` entry, a name
    prefix or a template is no such field: what it changes shows elsewhere too."""
    trace = rendered.origin.trace(route, key=key)
    place = trace.location
    if not trace.exact or place.span is None or not route or not place.route:
        return None
    last, written = route[-1], place.route[-1]
    # a list item may stand elsewhere in a patch
    same = isinstance(written, int) if isinstance(last, int) else last == written
    return place if same else None
