"""Strict decoding of kustomization files and of the files that they name."""

from __future__ import annotations

from typing import Any

from gitops_ci.model.finding import found
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.failure import BuildError, UnsupportedError
from gitops_ci.render.kustomize.fields import (
    ANYTHING,
    BOOLEAN,
    NUMBER,
    STRING,
    ListOf,
    MapOf,
)
from gitops_ci.render.kustomize.spots import Spot
from gitops_ci.render.kustomize.values import Value

_SCALARS: dict[str, tuple[type, ...]] = {STRING: (str,), BOOLEAN: (bool,), NUMBER: (int,)}
_EMPTY: dict[str, Value] = {STRING: "", BOOLEAN: False, NUMBER: 0}


def decode(value: Value, kind: Any, spot: Spot, *, lenient: bool = False) -> Value:
    """`value` checked against the type `kind`, nulls replaced by what they mean. Raises BuildError
    for a wrong type and UnsupportedError for an unknown field (ignored when `lenient`)."""
    if kind is ANYTHING:
        return value
    if isinstance(kind, str):
        return _scalar(value, kind, spot)
    if isinstance(kind, ListOf):
        return _list(value, kind, spot, lenient=lenient)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _wrong("a mapping", value, spot)
    if isinstance(kind, MapOf):
        items = value.items()
        return {k: decode(v, kind.item, spot.below(k), lenient=lenient) for k, v in items}
    return _fields(value, kind, spot, lenient=lenient)


def _scalar(value: Value, kind: str, spot: Spot) -> Value:
    if value is None:
        return _EMPTY[kind]
    if not isinstance(value, _SCALARS[kind]) or (kind is NUMBER and isinstance(value, bool)):
        raise _wrong(kind, value, spot)
    return value


def _list(value: Value, kind: ListOf, spot: Spot, *, lenient: bool) -> list[Value]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise _wrong("a list", value, spot)
    return [decode(v, kind.item, spot.below(i), lenient=lenient) for i, v in enumerate(value)]


def _fields(
    value: dict[str, Value], kind: dict[str, Any], spot: Spot, *, lenient: bool
) -> dict[str, Value]:
    result = {}
    for name, item in value.items():
        if name not in kind:
            if lenient:
                continue
            where = spot.below(name)
            location = where.at(where.route, key=True).location
            message = f"kustomize 5.5 has no field '{name}' here"
            raise UnsupportedError("unknown-field", location, message)
        if item is not None:
            result[name] = decode(item, kind[name], spot.below(name), lenient=lenient)
    return result


def _wrong(wanted: str, value: Value, spot: Spot) -> BuildError:
    name = next((str(step) for step in reversed(spot.route) if isinstance(step, str)), "this")
    given = {dict: "a mapping", list: "a list", str: "a string", bool: "true or false"}
    shown = given.get(type(value), "a number")
    hint = "quote the value" if wanted is STRING and shown in ("true or false", "a number") else ""
    message = f"'{name}' must be {wanted}, not {shown}"
    return BuildError(found(rules.INVALID_FIELD, message, spot.location, hint=hint))
