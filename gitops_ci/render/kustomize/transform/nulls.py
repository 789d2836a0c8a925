"""Nulls in a resource that a strategic merge walks over.

kustomize keeps a null that is written as `null` or `~`, and drops one whose value is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.span import Route
from gitops_ci.render.kustomize.merge_keys import MergedList, Schema
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.spots import source_text
from gitops_ci.render.kustomize.trace import spot_of
from gitops_ci.render.kustomize.transform.merge import Merger
from gitops_ci.render.kustomize.values import MISSING, Value, has_null, put


def drop_unwritten(resource: Resource, merger: Merger) -> None:
    """Take the nulls without a text out of a resource that is about to be merged."""
    if not has_null(resource.value):
        return
    value = resource.value
    schema = merger.schema_of(None, value)
    for route in list(_nulls(value, schema, merger, ())):
        if not written(resource, route):
            value = put(value, route, MISSING)
    resource.value = value


def written(resource: Resource, route: Route) -> str:
    """The text of the null at `route` as the author wrote it; empty when nothing is written. A step
    that builds the tree anew writes it out."""
    history = resource.history
    while history is not None:
        if history.step.unties:
            return "null"
        history = history.earlier
    spot = spot_of(resource, route)
    return source_text(spot) if spot is not None else "null"


def _nulls(
    value: Value, schema: Schema | MergedList | None, merger: Merger, route: Route
) -> Iterator[Route]:
    """The routes of nulls that the merge visits: it does not look into lists that it replaces."""
    if isinstance(value, dict):
        known = merger.schema_of(schema if isinstance(schema, dict) else None, value)
        for name, item in value.items():
            if item is None:
                yield (*route, name)
            else:
                inner = known.get(name) if known is not None else None
                yield from _nulls(item, inner, merger, (*route, name))
    elif isinstance(value, list) and isinstance(schema, MergedList):
        for index, item in enumerate(value):
            yield from _nulls(item, schema.item, merger, (*route, index))
