"""Faults of an object to findings, with the edit that mends them."""

from __future__ import annotations

from gitops_ci.model.edit import Edit, Fix
from gitops_ci.model.finding import Finding
from gitops_ci.model.span import Location
from gitops_ci.render import blame
from gitops_ci.render.objects import RenderedObject, Root, Trace
from gitops_ci.validate.fault import Fault, Replacement


def finding_of(fault: Fault, rendered: RenderedObject, root: Root) -> Finding:
    """The finding for a fault of a rendered object, on the line where its origin is."""
    replacement = fault.replacement
    if replacement is None:
        return blame.finding_of(fault, rendered, root)
    return blame.finding_of(fault, rendered, root, lambda trace: _fix(replacement, trace))


def _fix(replacement: Replacement, trace: Trace) -> Fix | None:
    """The fix, if the place is known exactly and the text there can be the one to replace."""
    span = trace.location.span
    if not trace.exact or span is None or span.end - span.start != len(replacement.old):
        return None
    edit = Edit(trace.location.path, span, replacement.old, replacement.new)
    return Fix(replacement.title, (edit,), replacement.safe)


def place_of(rendered: RenderedObject) -> Location:
    """Where the kind of an object stands."""
    return rendered.origin.trace(("kind",)).location
