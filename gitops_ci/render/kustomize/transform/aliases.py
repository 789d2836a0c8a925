"""Labels and annotations that the reference ties together.

When kustomize adds a label to several places of a resource, all of them hold one and the same node
of its YAML tree. A later change of the label at one place, by an overlay's labels, a patch or a
replacement, therefore shows at the other places too, selectors included. A JSON patch unties them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gitops_ci.model.span import Route
from gitops_ci.render.kustomize.history import History, Hit
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.transform.writes import WriteStep
from gitops_ci.render.kustomize.values import MISSING, Value, get, is_scalar, put


class EntriesStep(WriteStep, frozen=True):
    """The step of a transformer that ties the entries together which it creates."""


def tied(resource: Resource) -> list[set[Route]]:
    """The groups of places that hold one node, read off the history of the resource."""
    steps: list[tuple[History, dict[str, Any]]] = []
    after, current = resource.value, resource.history
    while current is not None:
        steps.append((current, after))
        after, current = current.before, current.earlier
    groups: list[set[Route]] = []
    for history, result in reversed(steps):
        if isinstance(history.step, EntriesStep):
            groups.extend(_created(history.step, history.before))
        elif history.step.unties:
            groups = []
        groups = [{route for route in group if _kept(route, result)} for group in groups]
    return [group for group in groups if len(group) > 1]


def _kept(route: Route, result: Mapping[str, Any]) -> bool:
    return get(result, route) is not MISSING


def _created(step: EntriesStep, before: dict[str, Any]) -> list[set[Route]]:
    by_name: dict[str, set[Route]] = {}
    for route, _ in step.touches(before):
        if get(before, route) is MISSING:
            by_name.setdefault(str(route[-1]), set()).add(route)
    return [group for group in by_name.values() if len(group) > 1]


def spread(
    resource: Resource,
    groups: Iterable[set[Route]],
    written: Iterable[tuple[Route, Value]],
    hit: Hit,
) -> None:
    """Carry values that were just written to the places tied to theirs."""
    value = resource.value
    changed: list[Route] = []
    groups = list(groups)
    for route, new in written:
        for group in groups:
            if route not in group:
                continue
            for other in group:
                old = get(value, other)
                if is_scalar(old) and old != new:
                    value = put(value, other, new)
                    changed.append(other)
    if changed:
        touched = [(route, hit) for route in changed]
        resource.change(value, WriteStep(lambda _: touched))
