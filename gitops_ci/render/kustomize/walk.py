"""Following a field path such as `spec/template/spec/containers/image` through a value.

Rules of the reference: lists on the way are entered by themselves; a field that is missing is
created only when the spec says so; a null ends the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from gitops_ci.model.span import Route
from gitops_ci.render.kustomize.failure import MismatchError
from gitops_ci.render.kustomize.values import MISSING, Value

Setter = Callable[[Value], Value]
"""Takes the value at the end of the path (MISSING when it is being created) and gives the new one;
the same object means no change."""


@cache
def split_path(path: str, delimiter: str = "/") -> tuple[str, ...]:
    """The parts of a path; a backslash before the delimiter makes it part of a name."""
    pieces = path.split(delimiter)
    if len(pieces) > 1 and not pieces[0]:
        pieces = pieces[1:]
    parts = [pieces[0]]
    for piece in pieces[1:]:
        if parts[-1].endswith("\\"):
            parts[-1] = parts[-1][:-1] + delimiter + piece
        else:
            parts.append(piece)
    return tuple(parts)


def update(value: Value, parts: tuple[str, ...], setter: Setter, *, create: bool = False) -> Value:
    """`value` with `setter` applied wherever `parts` lead; the same object when nothing changed.
    Raises MismatchError where a scalar stands in the way."""
    if not parts:
        return setter(value)
    if value is None:
        return value
    if isinstance(value, list):
        return _update_items(value, parts, setter, create=create)
    if not isinstance(value, dict):
        raise MismatchError(f"'{parts[0]}' is looked for in a single value")
    name = parts[0]
    if name.endswith("[]"):
        name, create_here = name[:-2], False
    else:
        create_here = create
    child = value.get(name, MISSING)
    if child is MISSING and not create_here:
        return value
    if (child is MISSING or child is None) and create_here and len(parts) > 1:
        new = update({}, parts[1:], setter, create=create)
    else:
        new = update(child, parts[1:], setter, create=create)
    if new is child:
        return value
    result = dict(value)
    result[name] = new
    return result


def _update_items(
    items: list[Value], parts: tuple[str, ...], setter: Setter, *, create: bool
) -> list[Value]:
    changed: list[Value] | None = None
    for index, item in enumerate(items):
        new = update(item, parts, setter, create=create)
        if new is not item:
            if changed is None:
                changed = list(items)
            changed[index] = new
    return items if changed is None else changed


def leaves(
    value: Value, parts: tuple[str, ...], *, create: bool = False, route: Route = ()
) -> Iterator[Route]:
    """The routes at which `update` would call its setter."""
    if not parts:
        yield route
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, parts, create=create, route=(*route, index))
    elif isinstance(value, dict):
        name = parts[0].removesuffix("[]")
        if name in value:
            child = value[name]
            if child is None and create:
                child = {}
            yield from leaves(child, parts[1:], create=create, route=(*route, name))
        elif create and name == parts[0]:
            yield from leaves({}, parts[1:], create=create, route=(*route, name))
