"""Paths as engines write them, to routes: JSON pointers, dotted paths, JSONPath, lists of steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route

_KEYS = ("path", "field", "jsonPath", "pointer")
_TOKEN = regex(
    r"""\[(?P<index>\d+)\]|\[(?P<quote>['"])(?P<quoted>.*?)(?P=quote)\]|\.?(?P<word>[^.\[\]'"]+)"""
)


def route_of(path: Any, value: dict[str, Any]) -> Route:
    """The route that `path` means in the object `value`; the empty one when it means none. A path
    may go beyond what the object has: something may be missing there."""
    if isinstance(path, (list, tuple)):
        steps = [str(step) for step in path if isinstance(step, (str, int))]
        steps = steps if len(steps) == len(path) else []
    elif not isinstance(path, str):
        steps = []
    elif path.strip().startswith(("/", "#/")):
        steps = [_unescaped(step) for step in path.strip().removeprefix("#").strip("/").split("/")]
    else:
        steps = _dotted(path.strip())
    return _placed(steps, value)


def route_told(places: Iterable[dict[str, Any]], value: dict[str, Any]) -> Route:
    """The route that one of the mappings tells under a usual name; else the empty one."""
    paths = (place[word] for place in places for word in _KEYS if word in place)
    return next((route for path in paths if (route := route_of(path, value))), ())


def _unescaped(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")


def _dotted(text: str) -> list[str]:
    text = text.removeprefix("$").removeprefix(".")
    steps, position = [], 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            return []
        step = token["index"] or token["quoted"] or token["word"]
        steps.append(step or "")
        position = token.end()
    return steps


def _placed(steps: list[str], value: Any) -> Route:
    """The steps with numbers for list items; nothing when not even the first step fits."""
    route: list[str | int] = []
    for step in steps:
        if isinstance(value, list):
            if not step.isdecimal():
                break
            index = int(step)
            route.append(index)
            value = value[index] if index < len(value) else None
        else:
            if isinstance(value, dict) and step not in value and not route:
                return ()
            route.append(step)
            value = value.get(step) if isinstance(value, dict) else None
    return tuple(route)
