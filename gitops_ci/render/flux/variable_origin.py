"""Where a value comes from that a post-build substitution filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from gitops_ci.model.regex import regex
from gitops_ci.model.span import Location, Route
from gitops_ci.render.flux.envsubst import Substitution, SubstitutionError
from gitops_ci.render.objects import Origin, Step, Trace

_WHOLE = regex(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::?[-=][^{}]*)?\}")
"""One expression that is its variable's value, or a default while there is none."""


class Variable(Struct, frozen=True):
    """A value and the place where a Kustomization or ConfigMap sets it."""

    text: str
    origin: Origin
    route: Route

    @property
    def location(self) -> Location:
        """The place, found out when it is asked for."""
        return self.origin.trace(self.route).location


class VariableOrigin(Struct, frozen=True):
    """An object whose texts were substituted. `written` is its value before, `variables` are those
    that had a value."""

    inner: Origin
    written: dict[str, Any]
    variables: Mapping[str, Variable]

    def trace(self, route: Route, *, key: bool = False) -> Trace:
        """The origin of the value. Where an expression is all of it, the variable sets it; else the
        text does, by way of the variables in it."""
        known = self.inner.trace(route, key=key)
        text = None if key else _at(self.written, route)
        used = self._used(text) if isinstance(text, str) and "${" in text else ()
        if not used:
            return known
        steps = tuple(Step(self.variables[name].location, f"variable {name}") for name in used)
        whole = _WHOLE.fullmatch(str(text).strip())
        is_value = whole is not None and bool(self.variables[whole.group(1)].text)
        location = steps[-1].location if is_value else known.location
        return Trace(location, (*known.chain, *steps), known.exact)

    def _used(self, text: str) -> tuple[str, ...]:
        substitution = Substitution({name: one.text for name, one in self.variables.items()})
        try:
            substitution.apply(text)
        except SubstitutionError:
            return ()
        return tuple(sorted(substitution.used))


def _at(value: Any, route: Route) -> Any:
    for step in route:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value
