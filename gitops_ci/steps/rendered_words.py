"""A comparison of two renderings in the words of a proposal, without anything secret."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from gitops_ci.diff.model import ABSENT, EnvironmentChange, Kind, ObjectChange
from gitops_ci.promote.words.rendering import NONE, Environment, Thing, Value
from gitops_ci.render.kustomize.emit import emit_one

Hide = Callable[[str], str]
"""A text without the secrets that are known."""
_MOST_OBJECTS = 50
_MOST_VALUES = 5


def told(changes: Iterable[EnvironmentChange], hide: Hide) -> tuple[Environment, ...]:
    """Each environment with its counts and some of its objects."""
    return tuple(_environment(change, hide) for change in changes)


def _environment(change: EnvironmentChange, hide: Hide) -> Environment:
    things = [_thing(item, hide) for item in change.objects if not item.is_noise]
    return Environment(
        change.name,
        change.count(Kind.ADDED),
        change.count(Kind.CHANGED),
        change.count(Kind.REMOVED),
        change.noise,
        tuple(things[:_MOST_OBJECTS]),
    )


def _thing(change: ObjectChange, hide: Hide) -> Thing:
    values = [value for value in change.values if value.noise is None]
    shown = tuple(
        Value(hide(value.path), hide(_text(value.before)), hide(_text(value.after)))
        for value in values[:_MOST_VALUES]
    )
    was = f" (was {change.was})" if change.was else ""
    return Thing(hide(f"{change.ref}{was}"), change.kind.value, shown, len(values) - len(shown))


def _text(value: Any) -> str:
    if value is ABSENT:
        return NONE
    return value if value and isinstance(value, str) else emit_one(value).strip()
