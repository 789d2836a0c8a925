"""Values that are shared and never changed in place: reading, copying on write, scalar texts."""

from __future__ import annotations

from typing import Any, Final

from gitops_ci.model.span import Route

Value = Any


class _Missing:
    """The value of a field that is not there; `None` is a field that is null."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()


def text_of(value: Value) -> str:
    """The text that the reference sees for a scalar; empty for null and for collections."""
    if isinstance(value, str):
        return value
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, (int, float)):
        return repr(value)
    return ""


def is_scalar(value: Value) -> bool:
    """Whether the value is neither a mapping, nor a list, nor missing; null counts as scalar."""
    return not isinstance(value, (dict, list, _Missing))


def get(value: Value, route: Route) -> Value:
    """The value at `route`, or MISSING."""
    for step in route:
        if isinstance(value, dict):
            value = value.get(step, MISSING)
        elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
            value = value[step]
        else:
            return MISSING
    return value


def put(value: Value, route: Route, new: Value) -> Any:
    """`value` with `new` at `route`; everything beside the route is shared. The parents must be
    there; MISSING removes the entry."""
    if not route:
        return new
    step, rest = route[0], route[1:]
    if isinstance(value, list):
        assert isinstance(step, int)
        items = list(value)
        items[step] = put(items[step], rest, new)
        return items
    fields = dict(value)
    child = put(fields.get(str(step), MISSING), rest, new)
    if child is MISSING:
        fields.pop(str(step), None)
    else:
        fields[str(step)] = child
    return fields


def existing(value: Value, route: Route) -> Route:
    """The longest beginning of `route` that leads to something in `value`."""
    for depth, step in enumerate(route):
        value = get(value, (step,))
        if value is MISSING:
            return route[:depth]
    return route


_without_null: dict[int, Value] = {}
_REMEMBERED = 20_000


def has_null(value: Value) -> bool:
    """Whether a null stands anywhere in the value. Parts without one are remembered: overlays
    share most of their values."""
    if not isinstance(value, (dict, list)):
        return value is None
    if _without_null.get(id(value)) is value:
        return False
    for item in value.values() if isinstance(value, dict) else value:
        if item is None or (isinstance(item, (dict, list)) and has_null(item)):
            return True
    if len(_without_null) > _REMEMBERED:
        _without_null.clear()
    _without_null[id(value)] = value
    return False
