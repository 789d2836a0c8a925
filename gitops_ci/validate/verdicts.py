"""The words of kubeconform to Problems.

Its list of errors leaves out nested ones and does not escape paths, so the full message is read:
lines `- at '/json/pointer': what is wrong`, nested ones indented by two more spaces, all joined to
one line by spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route
from gitops_ci.schemas.shape import Shape
from gitops_ci.validate.errors import Problem

_ENTRY = regex(r"( +)- at '((?:[^'\\]|\\.)*)': (.*?)(?= +- at '(?:[^'\\]|\\.)*': |\Z)", re.S)
_NAMES = regex(r"'((?:[^'\\]|\\.)*)'")
_LIMIT = regex(r"(\w+): got .*, want (\S+)")
_GROUPS = ("validation failed", "allOf failed")


class _Entry(Struct, frozen=True):
    depth: int
    route: Route
    text: str


def problems(message: str, value: Any, shape: Shape) -> list[Problem]:
    """The problems that a message of an invalid object states; `value` is the object as it was
    given to kubeconform. Empty when the message has another form than expected."""
    entries = [
        _Entry(len(spaces) // 2, _route(pointer, value), text.strip())
        for spaces, pointer, text in _ENTRY.findall(message)
    ]
    return list(_problems(entries, shape))


def _problems(entries: list[_Entry], shape: Shape) -> Iterator[Problem]:
    position = 0
    while position < len(entries):
        entry = entries[position]
        end = position + 1
        while end < len(entries) and entries[end].depth > entry.depth:
            end += 1
        inner = entries[position + 1 : end]
        position = end
        if entry.text in _GROUPS:
            yield from _problems(inner, shape)
        elif entry.text.startswith(("anyOf failed", "oneOf failed")):
            branches = () if "matched" in entry.text.replace("none matched", "") else inner
            parts = tuple((problem,) for problem in _problems(list(branches), shape))
            yield Problem(entry.text[:5], entry.route, {}, parts)
        else:
            yield _problem(entry, shape)


def _problem(entry: _Entry, shape: Shape) -> Problem:
    text, route = entry.text, entry.route
    node = shape.at(route)
    names = [_unquote(name) for name in _NAMES.findall(text)]
    if text.startswith("missing propert"):
        return Problem("required", route, {"properties": names})
    if text.startswith("additional properties"):
        return Problem("additionalProperties", route, {"unexpected": names})
    if text.startswith("got "):
        return Problem("type", route, {"types": text.partition("want ")[2]})
    if text.startswith("value must be"):
        return _choice(route, node, names)
    if "does not match pattern" in text or " is not valid " in text:
        return _spelling(route, node)
    if text.endswith("are equal"):
        return Problem("uniqueItems", route)
    if text == "not failed":
        return Problem("not", route)
    limit = _LIMIT.match(text)
    if limit:
        # the message writes large limits in powers of ten
        return Problem(limit[1], route, {"limit": node.get(limit[1], limit[2])})
    return Problem("other", route)


def _choice(route: Route, node: dict[str, Any], names: list[str]) -> Problem:
    if "enum" in node or len(names) != 1:
        return Problem("enum", route, {"options": node.get("enum", names)})
    return Problem("const", route, {"expected_value": names[0]})


def _spelling(route: Route, node: dict[str, Any]) -> Problem:
    if "pattern" in node:
        return Problem("pattern", route, {"pattern": node["pattern"]})
    return Problem("format", route, {"format": node.get("format", "value")})


def _route(pointer: str, value: Any) -> Route:
    """The route of a JSON pointer; steps into lists become numbers."""
    route: list[str | int] = []
    for token in _unquote(pointer).split("/")[1:]:
        step: str | int = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and token.isdigit():
            step = int(token)
        route.append(step)
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            value = None
    return tuple(route)


def _unquote(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
