"""Lists: order, sums, places.

https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-list-library
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from gitops_ci.cel.function import NO_WAY_BACK, Function, method

_LIST = "list<~T>"
_ORDERED = ("int", "uint", "double", "bool", "string", "bytes", "duration", "timestamp")
_SUMMED = ("int", "uint", "double", "duration")


def _is_sorted(items: list[Any]) -> bool:
    return all(_checked(a, b) for a, b in pairwise(items))


def _checked(a: Any, b: Any) -> bool:
    """Whether a stands before b or with it. Raises ValueError where there is no order."""
    try:
        return bool(a <= b)
    except TypeError as error:
        message = "no such overload: values without an order"
        raise ValueError(message) from error


def _sum(items: list[Any]) -> Any:
    if not items:
        return 0
    for item in items:
        if isinstance(item, bool) or not isinstance(item, (int, float, timedelta)):
            message = "no such overload: values that have no sum"
            raise ValueError(message)
    return _handed_back(sum(items[1:], items[0]))


def _handed_back(value: Any) -> Any:
    if isinstance(value, (timedelta, datetime)):
        raise ValueError(NO_WAY_BACK)
    return value


def _outermost(items: list[Any], name: str) -> Any:
    if not items:
        message = f"{name} called on empty list"
        raise ValueError(message)
    found = items[0]
    for item in items[1:]:
        before = _checked(item, found) if name == "min" else _checked(found, item)
        found = item if before else found
    return _handed_back(found)


def _same(a: Any, b: Any) -> bool:
    """CEL's equality: a boolean is no number."""
    return isinstance(a, bool) == isinstance(b, bool) and bool(a == b)


def _index(items: list[Any], value: Any) -> int:
    return next((at for at, item in enumerate(items) if _same(item, value)), -1)


def _last_index(items: list[Any], value: Any) -> int:
    return max((at for at, item in enumerate(items) if _same(item, value)), default=-1)


def _each(name: str, result: str, implementation: Any) -> tuple[Function, ...]:
    return tuple(
        method(f"list<{word}>", name, "", result or word, implementation) for word in _ORDERED
    )


FUNCTIONS = (
    *_each("isSorted", "bool", _is_sorted),
    *_each("min", "", lambda items: _outermost(items, "min")),
    *_each("max", "", lambda items: _outermost(items, "max")),
    *(method(f"list<{word}>", "sum", "", word, _sum) for word in _SUMMED),
    method(_LIST, "indexOf", "~T", "int", _index),
    method(_LIST, "lastIndexOf", "~T", "int", _last_index),
)
