"""Values by their route."""

from __future__ import annotations

from typing import Any

from gitops_ci.model.span import Route

MISSING = object()
"""Equals no value: what `at` gives for a route that does not exist."""


def at(value: Any, route: Route) -> Any:
    """The value at `route`, or MISSING."""
    for step in route:
        inside = isinstance(value, dict) and step in value
        if isinstance(value, list) and isinstance(step, int):
            inside = 0 <= step < len(value)
        if not inside:
            return MISSING
        value = value[step]
    return value


def mapping(value: Any, *route: str | int) -> dict[str, Any]:
    """The mapping at `route`, an empty one if there is none."""
    found = at(value, route)
    return found if isinstance(found, dict) else {}


def items(value: Any, *route: str | int) -> list[Any]:
    """The list at `route`, an empty one if there is none."""
    found = at(value, route)
    return found if isinstance(found, list) else []


def text(value: Any, *route: str | int) -> str:
    """The text at `route`, an empty one if there is none or it is something else."""
    found = at(value, route)
    return found if isinstance(found, str) else ""


def dotted(route: Route) -> str:
    """A route as people write it: `spec.containers[0].image`; keys with dots are quoted."""
    text = ""
    for step in route:
        if isinstance(step, int):
            text += f"[{step}]"
        elif "." in step or "/" in step:
            text += f'["{step}"]'
        else:
            text += f".{step}" if text else step
    return text


def canonical(value: object, route: Route) -> str:
    """A route in which list items are called by their name where they have one, so that it stays
    the same when items move."""
    text = ""
    for step in route:
        inner: object = None
        if isinstance(step, int):
            in_range = isinstance(value, list) and step < len(value)
            inner = value[step] if in_range and isinstance(value, list) else None
            name = inner.get("name") if isinstance(inner, dict) else None
            text += f"[{name if isinstance(name, str) else step}]"
        else:
            inner = value.get(step) if isinstance(value, dict) else None
            text += f".{step}"
        value = inner
    return text.removeprefix(".")
