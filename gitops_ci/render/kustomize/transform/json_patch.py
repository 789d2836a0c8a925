"""JSON patches (RFC 6902), with the liberties of the library that kustomize uses: negative
indices, and a `replace` of a key that is not there adds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from msgspec import Struct

from gitops_ci.model.span import Route
from gitops_ci.render.kustomize.history import Hit
from gitops_ci.render.kustomize.spots import Spot
from gitops_ci.render.kustomize.values import MISSING, Value, get, put

OPERATIONS = ("add", "remove", "replace", "move", "copy", "test")


class OperationError(Exception):
    """Operation number `index` cannot be applied."""

    def __init__(self, index: int, message: str) -> None:
        super().__init__(message)
        self.index = index


def pointer_parts(pointer: str) -> tuple[str, ...]:
    """The parts of a JSON pointer. Raises ValueError when it has no slash; like the reference it
    ignores what stands before the first one."""
    _, slash, rest = pointer.partition("/")
    if not slash:
        raise ValueError(f"the pointer '{pointer}' has no '/'")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in rest.split("/"))


def is_whole(operation: Mapping[str, Any]) -> bool:
    """Whether the operation replaces all of a resource: no other one may have an empty pointer."""
    return operation.get("op") == "replace" and operation.get("path") == ""


def apply_patch(value: Value, operations: Sequence[Mapping[str, Any]]) -> Value:
    """`value` with every operation applied, in order. Raises OperationError."""
    for index, operation in enumerate(operations):
        try:
            value = _apply(value, operation)
        except ValueError as error:
            raise OperationError(index, str(error)) from error
    return value


def _apply(value: Value, operation: Mapping[str, Any]) -> Value:
    if is_whole(operation):
        return operation.get("value")
    name = operation.get("op")
    parts = pointer_parts(operation["path"])
    if name == "add":
        return _insert(value, _place(value, parts, adding=True), operation.get("value"))
    if name == "remove":
        return _delete(value, _place(value, parts))
    if name == "replace":
        return put(value, _place(value, parts, setting=True), operation.get("value"))
    if name == "test":
        return _test(value, parts, operation.get("value"))
    source = _place(value, pointer_parts(operation["from"]))
    moved = get(value, source)
    if name == "move":
        value = _delete(value, source)
    return _insert(value, _place(value, parts, adding=True), moved)


def _place(
    value: Value, parts: tuple[str, ...], *, adding: bool = False, setting: bool = False
) -> Route:
    """The route that a pointer means in `value`; the last key may be new when it is written.
    Raises ValueError when the pointer leads to nothing."""
    route: list[str | int] = []
    for depth, part in enumerate(parts):
        last = depth == len(parts) - 1
        where = "/" + "/".join(parts[: depth + 1])
        if isinstance(value, dict):
            if part not in value and not (last and (adding or setting)):
                raise ValueError(f"there is nothing at '{where}'")
            route.append(part)
        elif isinstance(value, list):
            route.append(_index(value, part, where, adding=last and adding))
        else:
            raise ValueError(f"there is nothing below '/{'/'.join(parts[:depth])}'")
        value = get(value, (route[-1],))
    return tuple(route)


def _index(items: list[Value], part: str, where: str, *, adding: bool) -> int:
    size = len(items)
    if part == "-":
        if adding:
            return size
        raise ValueError(f"'{where}' means the end of the list, where nothing is")
    try:
        index = int(part)
    except ValueError:
        raise ValueError(f"'{part}' in '{where}' is no index of the list there") from None
    limit = size + 1 if adding else size
    if index < 0:
        index += limit
    if not 0 <= index < limit:
        raise ValueError(f"'{where}' is outside the list, which has {size} items")
    return index


def _insert(value: Value, route: Route, new: Value) -> Value:
    if not route:
        return new
    parent = get(value, route[:-1])
    if isinstance(parent, list):
        index = route[-1]
        assert isinstance(index, int)
        return put(value, route[:-1], [*parent[:index], new, *parent[index:]])
    return put(value, route, new)


def _delete(value: Value, route: Route) -> Value:
    if not route:
        raise ValueError("the whole resource cannot be removed")
    parent = get(value, route[:-1])
    if isinstance(parent, list):
        index = route[-1]
        assert isinstance(index, int)
        return put(value, route[:-1], [*parent[:index], *parent[index + 1 :]])
    return put(value, route, MISSING)


def _test(value: Value, parts: tuple[str, ...], wanted: Value) -> Value:
    try:
        found = get(value, _place(value, parts))
    except ValueError:
        if wanted is None:
            return value
        raise
    if found != wanted or isinstance(found, bool) != isinstance(wanted, bool):
        raise ValueError(f"the test of '/{'/'.join(parts)}' fails: the value is another one")
    return value


class JsonPatchStep(Struct, frozen=True):
    """A JSON patch whose operations stand in the list at `spot`."""

    operations: Sequence[Mapping[str, Any]]
    spot: Spot
    unties: ClassVar[bool] = True

    def back(
        self, route: Route, before: dict[str, Any], _after: dict[str, Any]
    ) -> tuple[Hit | None, Route | None]:
        """See Step. The operations run again, and the route is followed back through them."""
        states: list[Value] = [before]
        for operation in self.operations:
            states.append(_apply(states[-1], operation))
        hit: Hit | None = None
        current: Route = route
        for index in range(len(self.operations) - 1, -1, -1):
            found, earlier = self._undo(index, current, states[index])
            hit = hit or found
            if earlier is None:
                return hit, None
            current = earlier
        return hit, current

    def _undo(self, index: int, route: Route, before: Value) -> tuple[Hit | None, Route | None]:
        operation = self.operations[index]
        if is_whole(operation):
            return Hit(self.spot.below(index, "value", *route), "patch"), None
        name = operation.get("op")
        parts = pointer_parts(operation["path"])
        spot = self.spot.below(index, "value")
        if name in ("add", "replace"):
            place = _place(before, parts, adding=name == "add", setting=True)
            return _undo_write(route, place, before, spot, inserts=name == "add")
        if name == "remove":
            return None, _undo_delete(route, _place(before, parts), before)
        if name in ("move", "copy"):
            return None, _undo_transfer(route, operation, before)
        return None, route


def _undo_write(
    route: Route, place: Route, before: Value, spot: Spot, *, inserts: bool
) -> tuple[Hit | None, Route | None]:
    size = len(place)
    parent = get(before, place[:-1])
    if route[:size] == place:
        rest = route[size:]
        inserted = inserts and isinstance(parent, list)
        earlier = None if inserted or get(before, route) is MISSING else route
        pointer = None if rest else spot.at((*spot.route[:-1], "path"))
        return Hit(spot.below(*rest), "patch", key=pointer), earlier
    if inserts and isinstance(parent, list):
        return None, _shift(route, place, -1)
    return None, route


def _undo_delete(route: Route, place: Route, before: Value) -> Route:
    if isinstance(get(before, place[:-1]), list):
        return _shift(route, place, 1)
    return route


def _shift(route: Route, place: Route, by: int) -> Route:
    """The route with the index beside or behind `place` moved."""
    depth = len(place) - 1
    if len(route) <= depth or route[:depth] != place[:-1]:
        return route
    index, at = route[depth], place[-1]
    if isinstance(index, int) and isinstance(at, int) and index >= at:
        return (*route[:depth], index + by, *route[depth + 1 :])
    return route


def _undo_transfer(route: Route, operation: Mapping[str, Any], before: Value) -> Route | None:
    source = _place(before, pointer_parts(operation["from"]))
    moving = operation.get("op") == "move"
    between = _delete(before, source) if moving else before
    place = _place(between, pointer_parts(operation["path"]), adding=True)
    if route[: len(place)] == place:
        return (*source, *route[len(place) :])
    if isinstance(get(between, place[:-1]), list):
        route = _shift(route, place, -1)
    return _undo_delete(route, source, before) if moving else route
