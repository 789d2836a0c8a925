"""One thing that is wrong with an object, before anybody knows in which file it stands."""

from __future__ import annotations

from dataclasses import dataclass

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route


@dataclass(frozen=True, slots=True)
class Replacement:
    """The fix of a fault: the text `old` at the place of the fault becomes `new`. `quote` allows
    the old text to stand in quotes, which stay."""

    old: str
    new: str
    title: str
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """`route` leads from the top of the object to the value, or to its key with `key`; for
    something that is missing it leads to where it would stand."""

    rule: Rule
    route: Route
    message: str
    key: bool = False
    hint: str = ""
    severity: Severity | None = None
    replacement: Replacement | None = None


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
