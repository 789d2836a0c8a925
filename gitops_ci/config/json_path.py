"""Ways into a JSON document, as RFC 9535 writes them: the part whose result anybody can foretell.

Names, indexes, slices, `*`, descendants, and filters that compare one value with a literal:
`$.status`, `$.parts[-2:]`, `$..ready`, `$.parts[?@.name == 'db'].state`. No unions and functions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from msgspec import Struct

from gitops_ci.model.regex import regex

_NAME = regex(r"\.([A-Za-z_\x80-\U0010ffff][\w\x80-\U0010ffff]*)", re.ASCII)
_QUOTED = r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"""
_BRACKET = regex(rf"\[\s*(?:({_QUOTED})|(0|-?[1-9]\d{{0,8}}))\s*\]")
_INTEGER = r"(0|-?[1-9]\d{0,8})?"
_SLICE = regex(rf"\[\s*{_INTEGER}\s*:\s*{_INTEGER}\s*(?::\s*{_INTEGER}\s*)?\]")
_EVERY = regex(r"\.\*|\[\s*\*\s*\]")
_FILTER = regex(r"\[\s*\?\s*@")
_COMPARED = regex(rf"\s*(==|!=)\s*({_QUOTED}|-?(?:0|[1-9]\d*)(?:\.\d+)?|true|false|null)\s*\]")
_MOST = 1_000_000
"""As many values at once are followed: nested descendants of a deep document multiply."""


class JsonPathError(ValueError):
    """A text that is no such path, and where it ceases to be one; or a path to too many values."""


class Member(Struct, frozen=True):
    """The member of an object, or the element of an array, counted from its end below zero."""

    key: str | int


class Every(Struct, frozen=True):
    """Every value inside an object or array."""


class Slice(Struct, frozen=True):
    """The elements of an array from `start` to before `end`, each `step`th; as in Python, but that
    a step of 0 finds nothing."""

    start: int | None = None
    end: int | None = None
    step: int = 1


class Descendants(Struct, frozen=True):
    """The value itself and everything inside at any depth."""


class Where(Struct, frozen=True):
    """Every value inside whose value at `way` is (or, without `equal`, is not) `literal`."""

    way: tuple[Member, ...]
    equal: bool
    literal: Any


Step = Member | Every | Slice | Where | Descendants


def parse_json_path(text: str) -> tuple[Step, ...]:
    """The steps of a path that begins with `$`. Raises JsonPathError."""
    steps: list[Step] = []
    at = 1 if text.startswith("$") else 0
    while 0 < at < len(text):
        if text.startswith("..", at):
            steps.append(Descendants())
            at += 2 if text.startswith("[", at + 2) else 1  # `..name` goes on like `.name`
        step, at = _step(text, at)
        steps.append(step)
    if not at:
        raise JsonPathError(f"'{text}' does not begin with $")
    return tuple(steps)


def values_at(steps: tuple[Step, ...], document: Any) -> list[Any]:
    """The values to which the path leads, in the order of the document; none when there are none.
    Raises JsonPathError when there are more than a million on the way."""
    found = [document]
    for step in steps:
        reached = (value for node in found for value in _inside(step, node))
        found = list(islice(reached, _MOST + 1))
        if len(found) > _MOST:
            raise JsonPathError(f"the path leads through more than {_MOST:,} values")
    return found


def _step(text: str, at: int) -> tuple[Step, int]:
    if single := _member(text, at):
        return single
    if every := _EVERY.match(text, at):
        return Every(), every.end()
    if part := _SLICE.match(text, at):
        start, end, step = (int(number) if number else None for number in part.groups())
        return Slice(start, end, 1 if step is None else step), part.end()
    asked = _FILTER.match(text, at)
    if asked is None:
        raise _broken(text, at)
    way, at = [], asked.end()
    while single := _member(text, at):
        way.append(single[0])
        at = single[1]
    compared = _COMPARED.match(text, at)
    if compared is None:
        raise _broken(text, at)
    return Where(tuple(way), compared[1] == "==", _literal(compared[2])), compared.end()


def _member(text: str, at: int) -> tuple[Member, int] | None:
    if name := _NAME.match(text, at):
        return Member(name[1]), name.end()
    bracket = _BRACKET.match(text, at)
    if bracket is None:
        return None
    return Member(_literal(bracket[1] or bracket[2])), bracket.end()


def _literal(text: str) -> Any:
    """The value of a literal; strings in single quotes differ from JSON's by their quotes only."""
    if text.startswith("'"):
        inner = re.sub(r'\\.|"', lambda part: {"\\'": "'", '"': '\\"'}.get(part[0], part[0]),
                       text[1:-1])  # fmt: skip
        text = f'"{inner}"'
    try:
        return json.loads(text)
    except ValueError:
        raise JsonPathError(f"{text} is no string of JSON") from None


def _broken(text: str, at: int) -> JsonPathError:
    return JsonPathError(f"'{text}' cannot be read from character {at + 1} on: '{text[at:]}'")


def _inside(step: Step, node: Any) -> Iterator[Any]:
    if isinstance(step, Member):
        yield from _of(step, node)
    elif isinstance(step, Descendants):
        yield from _below(node)
    elif isinstance(step, Slice):
        if isinstance(node, list) and step.step:
            yield from node[step.start : step.end : step.step]
    else:
        for child in _children(node):
            if isinstance(step, Every) or _holds(step, child):
                yield child


def _children(node: Any) -> Iterable[Any]:
    return node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()


def _below(node: Any) -> Iterator[Any]:
    """The node, then what is in it, the elements of an array in their order."""
    pending = [node]
    while pending:
        inner = pending.pop()
        yield inner
        pending.extend(reversed(tuple(_children(inner))))


def _of(member: Member, node: Any) -> Iterator[Any]:
    key = member.key
    if isinstance(key, str):
        if isinstance(node, dict) and key in node:
            yield node[key]
    elif isinstance(node, list) and -len(node) <= key < len(node):
        yield node[key]


def _holds(where: Where, node: Any) -> bool:
    found = values_at(where.way, node)
    return (bool(found) and _same(found[0], where.literal)) is where.equal


def _same(one: Any, other: Any) -> bool:
    """As JSON compares: true is not 1, but 1.0 is."""
    return isinstance(one, bool) is isinstance(other, bool) and one == other
