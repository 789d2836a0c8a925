"""Lines and columns inside of an expression to those of its file."""

from __future__ import annotations

from msgspec.structs import replace

from gitops_ci.cel.engine import Problem
from gitops_ci.documents.nested import folded_span, outer_span
from gitops_ci.documents.text import Lines
from gitops_ci.model.span import Location
from gitops_ci.policy.admission.model import Expression
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.origins import SourceOrigin


def place_in(policy: RenderedObject, expression: Expression, problem: Problem) -> Location:
    """The place of a problem in an expression that stands in a file as it is. For one that is
    escaped or made by a patch: where the expression itself stands."""
    origin = policy.origin
    location = origin.trace(expression.route).location
    if not isinstance(origin, SourceOrigin):
        return location
    rows = expression.text.split("\n")
    start = sum(len(row) + 1 for row in rows[: problem.line - 1]) + problem.column - 1
    start = min(start, len(expression.text))
    inner = Lines(expression.text).span(start, start)
    route = (*origin.base, *expression.route)
    span = outer_span(origin.source, origin.document, route, inner) or folded_span(
        origin.source, origin.document, route, inner
    )
    return location if span is None else replace(location, span=span)
