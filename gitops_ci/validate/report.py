"""Faults of an object to findings on the lines that somebody has to change."""

from __future__ import annotations

from gitops_ci.model.edit import Edit, Fix
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.span import Location
from gitops_ci.render.objects import RenderedObject, Root, Trace
from gitops_ci.validate.fault import Fault, Replacement, canonical


def finding_of(fault: Fault, rendered: RenderedObject, root: Root) -> Finding:
    """The finding for a fault of a rendered object, on the line where its origin is."""
    trace = rendered.origin.trace(fault.route, key=fault.key)
    return found(
        fault.rule,
        fault.message,
        trace.location,
        severity=fault.severity,
        object=rendered.ref,
        root=root.name,
        environment=root.environment,
        hint=fault.hint,
        fix=_fix(fault.replacement, trace) if fault.replacement else None,
        key=canonical(rendered.value, fault.route),
    )


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
