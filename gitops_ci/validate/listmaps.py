"""Lists of custom resources whose items the API server tells apart by keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from gitops_ci.model.span import Route
from gitops_ci.render.routes import dotted
from gitops_ci.schemas.pack import Schema
from gitops_ci.schemas.shape import Shape
from gitops_ci.validate import rules
from gitops_ci.validate.fault import Fault

_ANY = "*"
_MAX_DEPTH = 16
Path = tuple[str, ...]


class KeyedList(Struct, frozen=True):
    """A list of type map: the way to it (`*` stands for each item or each entry) and its keys."""

    path: Path
    keys: tuple[str, ...]


def keyed_lists(shape: Shape) -> tuple[KeyedList, ...]:
    """The keyed lists of a structure, except those of Kubernetes' own types inside it, which the
    API server does not check that way."""
    return tuple(_search(shape.schema, ()))


def _search(node: Schema, path: Path) -> Iterator[KeyedList]:
    if len(path) > _MAX_DEPTH or "$ref" in node:
        return
    keys = node.get("x-kubernetes-list-map-keys")
    if node.get("x-kubernetes-list-type") == "map" and isinstance(keys, list):
        yield KeyedList(path, tuple(str(key) for key in keys))
    for name, value in node.get("properties", {}).items():
        if isinstance(value, dict):
            yield from _search(value, (*path, name))
    for word in ("items", "additionalProperties"):
        if isinstance(node.get(word), dict):
            yield from _search(node[word], (*path, _ANY))


def duplicates(value: Any, lists: tuple[KeyedList, ...]) -> Iterator[Fault]:
    """A fault for each item whose keys an earlier item of its list has already."""
    for keyed in lists:
        for route, items in _lists(value, keyed.path, ()):
            seen: dict[tuple[str, ...], int] = {}
            for index, item in enumerate(items):
                if not isinstance(item, dict):
                    continue
                identity = tuple(repr(item.get(key)) for key in keyed.keys)
                first = seen.setdefault(identity, index)
                if first != index:
                    words = ", ".join(f"{key} {item.get(key)!r}" for key in keyed.keys)
                    message = f"{dotted(route)} has two items with {words}"
                    yield Fault(rules.INVALID_VALUE, (*route, index), message, key=True)


def _lists(value: Any, path: Path, route: Route) -> Iterator[tuple[Route, list[Any]]]:
    if not path:
        if isinstance(value, list):
            yield route, value
        return
    step, rest = path[0], path[1:]
    if step != _ANY:
        if isinstance(value, dict) and step in value:
            yield from _lists(value[step], rest, (*route, step))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _lists(item, rest, (*route, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _lists(item, rest, (*route, key))
