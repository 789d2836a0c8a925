"""Parts that all kinds of admission policy have, read from the policy object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gitops_ci.model.span import Route
from gitops_ci.policy.admission.model import Expression, Named, Validation
from gitops_ci.render.routes import items, text


def expressions(value: Mapping[str, Any], *route: str | int) -> tuple[Named, ...]:
    """The conditions or variables in the list at `route`."""
    return tuple(
        Named(text(entry, "name"), expression)
        for entry, way in _entries(value, route)
        if (expression := _expression(entry, way, "expression")) is not None
    )


def validations(
    value: Mapping[str, Any], *route: str | int, message: str = ""
) -> tuple[Validation, ...]:
    """The validations in the list at `route`; `message` is that of one without its own."""
    return tuple(
        Validation(
            expression,
            text(entry, "message") or message,
            _expression(entry, way, "messageExpression"),
        )
        for entry, way in _entries(value, route)
        if (expression := _expression(entry, way, "expression")) is not None
    )


def _entries(value: Mapping[str, Any], route: Route) -> Iterator[tuple[dict[str, Any], Route]]:
    for index, entry in enumerate(items(value, *route)):
        if isinstance(entry, dict):
            yield entry, (*route, index)


def _expression(entry: dict[str, Any], route: Route, name: str) -> Expression | None:
    found = text(entry, name)
    return Expression(found, (*route, name)) if found.strip() else None
