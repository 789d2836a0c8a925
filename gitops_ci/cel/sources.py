"""Where the values in an expression come from: routes in the object that it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from gitops_ci.cel.engine import CompileError, EvaluationError, Program, scope
from gitops_ci.cel.syntax import Form, Node
from gitops_ci.model.span import Route

_INDEX = ("_[_]", "_[?_]", "_?._")
_THROUGH = ("value", "optional.of", "optional.ofNonZeroValue", "dyn")


class Sourced(Struct, frozen=True):
    """The route of a value, and for a list that was put together those of its items."""

    route: Route | None = None
    items: tuple[Route | None, ...] | None = None


NOWHERE = Sourced()


class Names(Struct, frozen=True):
    """The values of names at one place in an expression. `aliases` are bound expressions with the
    names of the place where they stand; `sources` say where items of loops come from."""

    program: Program
    values: Mapping[str, Any]
    aliases: Mapping[str, tuple[Node, Names]] = field(default_factory=dict)
    sources: Mapping[str, Sourced] = field(default_factory=dict)

    def value(self, node: Node) -> Any:
        """The value of a part of the expression. Raises EvaluationError."""
        known = dict(self.values)
        for name in node.names():
            alias = self.aliases.get(name)
            if alias is not None:
                known[name] = alias[1].value(alias[0])
        try:
            return self.program.part(node)(scope(known))
        except CompileError as error:
            raise EvaluationError(str(error)) from None

    def truth(self, node: Node) -> bool | None:
        """Whether the part is true; None when it has no value."""
        try:
            found = self.value(node)
        except EvaluationError:
            return None
        return found if isinstance(found, bool) else None

    def binding(self, node: Node) -> Names:
        """The names inside of a `cel.bind`."""
        bound = {**self.aliases, node.accumulator: (node.start, self)}
        return replace(self, aliases=bound)

    def each(
        self, node: Node, items: tuple[Route | None, ...] | None
    ) -> Iterator[tuple[Names, Route | None]]:
        """The names in each round of a loop, and where the item of the round comes from."""
        try:
            ranged = self.value(node.range)
        except EvaluationError:
            return
        keys = list(ranged) if isinstance(ranged, dict) else list(range(len(ranged)))
        for number, key in enumerate(keys):
            route = items[number] if items is not None and number < len(items) else None
            by_key = isinstance(ranged, dict)
            first = key if by_key or node.second else ranged[key]
            values = {**self.values, node.name: first}
            sources = {**self.sources, node.name: Sourced(route)}
            if node.second:
                values[node.second] = ranged[key]
                sources[node.second] = Sourced(route)
            yield replace(self, values=values, sources=sources), route


class Origins(Struct, frozen=True):
    """Finds where values come from; `name` is the value in which routes lead."""

    names: Names
    name: str

    def within(self, names: Names) -> Origins:
        """The same further inside of the expression."""
        return replace(self, names=names)

    def of(self, node: Node) -> Sourced:
        """Where the value of the node comes from."""
        found = self._of(node)
        if found.items is None and found.route is not None:
            return replace(found, items=self._items(found.route))
        return found

    def _of(self, node: Node) -> Sourced:
        if node.form is Form.IDENT:
            return self._name(node.name)
        if node.form is Form.SELECT:
            return _below(self._of(node.parts[0]), node.name)
        if node.form is Form.LOOP:
            return self._loop(node)
        if node.form is not Form.CALL:
            return NOWHERE
        if node.name in _INDEX:
            return self._indexed(node)
        if node.name in ("orValue", "or"):
            return self._first(node)
        if node.name == "_+_":
            items = [self.of(part).items for part in node.parts]
            both = all(item is not None for item in items)
            return (
                Sourced(items=tuple(r for item in items for r in item or ())) if both else NOWHERE
            )
        if node.name == "_?_:_":
            truth = self.names.truth(node.parts[0])
            return NOWHERE if truth is None else self._of(node.parts[1 if truth else 2])
        return self._of(node.parts[0]) if node.name in _THROUGH and node.parts else NOWHERE

    def _name(self, name: str) -> Sourced:
        alias = self.names.aliases.get(name)
        if alias is not None:
            return self.within(alias[1]).of(alias[0])
        known = self.names.sources.get(name)
        return known or (Sourced(()) if name == self.name else NOWHERE)

    def _indexed(self, node: Node) -> Sourced:
        try:
            step = self.names.value(node.parts[1])
        except EvaluationError:
            return NOWHERE
        return _below(self._of(node.parts[0]), step)

    def _first(self, node: Node) -> Sourced:
        """Of a value with an alternative: its own place; the list that stands in for a missing one
        has no items that come from anywhere."""
        found = self._of(node.parts[0])
        if found.route is None or self._exists(found.route):
            return found
        items = self.of(node.parts[1]).items
        return Sourced(found.route, items or ())

    def _loop(self, node: Node) -> Sourced:
        if node.is_binding:
            return self.within(self.names.binding(node)).of(node.result)
        kept, made = node.collected
        if made is None:
            return NOWHERE
        items: list[Route | None] = []
        for inner, _ in self.names.each(node, self.of(node.range).items):
            if kept is None or inner.truth(kept):
                items.append(self.within(inner).of(made).route)
        return Sourced(items=tuple(items))

    def _exists(self, route: Route) -> bool:
        return self._at(route) is not _MISSING

    def _items(self, route: Route) -> tuple[Route, ...] | None:
        value = self._at(route)
        if isinstance(value, dict):
            return tuple((*route, str(key)) for key in value)
        return tuple((*route, at) for at in range(len(value))) if isinstance(value, list) else None

    def _at(self, route: Route) -> Any:
        value: Any = self.names.values.get(self.name)
        for step in route:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return _MISSING
        return value


_MISSING = object()


def _below(owner: Sourced, step: Any) -> Sourced:
    if isinstance(step, bool) or not isinstance(step, (str, int)):
        return NOWHERE
    if owner.route is not None:
        return Sourced((*owner.route, step))
    if owner.items is not None and isinstance(step, int) and 0 <= step < len(owner.items):
        return Sourced(owner.items[step])
    return NOWHERE
