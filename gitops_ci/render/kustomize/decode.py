"""Strict decoding of kustomization files and of the files that they name."""

from __future__ import annotations

from typing import Any

from gitops_ci.model.finding import found
from gitops_ci.model.span import Route
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

_SCALARS: dict[str, type] = {STRING: str, BOOLEAN: bool, NUMBER: int}
_EMPTY: dict[str, Value] = {STRING: "", BOOLEAN: False, NUMBER: 0}
_WORDS = {dict: "a mapping", list: "a list", str: "a string", bool: "true or false"}


def decode(value: Value, kind: Any, spot: Spot, *, lenient: bool = False) -> Value:
    """`value`, which stands at `spot`, checked against the type `kind`, nulls replaced by what they
    mean. Raises BuildError for a wrong type and UnsupportedError for an unknown field (ignored when
    `lenient`)."""
    return _Decoder(spot, lenient=lenient).value(value, kind, spot.route)


class _Decoder:
    def __init__(self, top: Spot, *, lenient: bool) -> None:
        self._top = top
        self._lenient = lenient

    def value(self, value: Value, kind: Any, route: Route) -> Value:
        """The decoded value at `route`."""
        if kind.__class__ is str:
            return self._scalar(value, kind, route)
        if isinstance(kind, ListOf):
            return self._list(value, kind, route)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self._wrong("a mapping", value, route)
        if isinstance(kind, MapOf):
            return {k: self.value(v, kind.item, (*route, k)) for k, v in value.items()}
        return self._fields(value, kind, route)

    def _scalar(self, value: Value, kind: str, route: Route) -> Value:
        if kind is ANYTHING:
            return value
        if value is None:
            return _EMPTY[kind]
        if value.__class__ is not _SCALARS[kind]:
            raise self._wrong(kind, value, route)
        return value

    def _list(self, value: Value, kind: ListOf, route: Route) -> list[Value]:
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._wrong("a list", value, route)
        return [self.value(v, kind.item, (*route, i)) for i, v in enumerate(value)]

    def _fields(
        self, value: dict[str, Value], kind: dict[str, Any], route: Route
    ) -> dict[str, Value]:
        result = {}
        for name, item in value.items():
            if name not in kind:
                if self._lenient:
                    continue
                location = self._top.at((*route, name), key=True).location
                message = f"kustomize 5.5 has no field '{name}' here"
                raise UnsupportedError("unknown-field", location, message)
            if item is not None:
                result[name] = self.value(item, kind[name], (*route, name))
        return result

    def _wrong(self, wanted: str, value: Value, route: Route) -> BuildError:
        name = next((str(step) for step in reversed(route) if isinstance(step, str)), "this")
        shown = _WORDS.get(type(value), "a number")
        odd = wanted is STRING and shown in ("true or false", "a number")
        hint = "quote the value" if odd else ""
        message = f"'{name}' must be {wanted}, not {shown}"
        location = self._top.at(route).location
        return BuildError(found(rules.INVALID_FIELD, message, location, hint=hint))
