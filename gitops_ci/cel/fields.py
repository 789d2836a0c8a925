"""Which field of an object an expression speaks of: where it is that it does not come out right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from gitops_ci.cel.engine import Program
from gitops_ci.cel.sources import Names, Origins
from gitops_ci.cel.syntax import Form, Node
from gitops_ci.model.span import Route

_DEEPEST = 64
"""Expressions are not followed further in."""


def field_of(program: Program, values: Mapping[str, Any], name: str = "object") -> Route | None:
    """The route in the value called `name` to what keeps the expression from being true, as far as
    that can be told. It may lead to something that is missing."""
    names = Names(program, values)
    return _Search(names, Origins(names, name)).blame(program.tree, wanted=True, depth=0)


class _Search(Struct, frozen=True):
    names: Names
    origins: Origins

    def blame(self, node: Node, *, wanted: bool, depth: int) -> Route | None:
        """The route to what makes the node other than `wanted`."""
        if depth > _DEEPEST:
            return None
        if node.form is Form.LOOP:
            return self._loop(node, wanted=wanted, depth=depth)
        if node.form is not Form.CALL:
            return self.origins.of(node).route
        if node.name == "!_":
            return self.blame(node.parts[0], wanted=not wanted, depth=depth + 1)
        if node.name == "_?_:_":
            return self._choice(node, wanted=wanted, depth=depth)
        if node.name in ("_&&_", "_||_"):
            return self._junction(node, wanted=wanted, depth=depth)
        return _deepest(self._inside(node, depth))

    def _choice(self, node: Node, *, wanted: bool, depth: int) -> Route | None:
        condition, yes, no = node.parts
        truth = self.names.truth(condition)
        if truth is None:
            return self.blame(condition, wanted=True, depth=depth + 1)
        found = self.blame(yes if truth else no, wanted=wanted, depth=depth + 1)
        return found or self.blame(condition, wanted=not truth, depth=depth + 1)

    def _junction(self, node: Node, *, wanted: bool, depth: int) -> Route | None:
        """Of an `and` that is not true the first part that is not; of an `or` any part."""
        decisive = (node.name == "_&&_") is wanted
        parts = node.parts
        if decisive:
            parts = tuple(part for part in parts if self.names.truth(part) is not wanted)[:1]
        return _deepest(self.blame(part, wanted=wanted, depth=depth + 1) for part in parts)

    def _inside(self, node: Node, depth: int) -> Iterator[Route | None]:
        """The routes of what a call is made with; where an argument is a call, of its own."""
        for part in node.parts:
            route = self.origins.of(part).route
            if route is None and part.form in (Form.CALL, Form.LOOP, Form.SELECT):
                route = self.blame(part, wanted=True, depth=depth + 1)
            yield route

    def _loop(self, node: Node, *, wanted: bool, depth: int) -> Route | None:
        if node.is_binding:
            inner = self.names.binding(node)
            return _Search(inner, self.origins.within(inner)).blame(
                node.result, wanted=wanted, depth=depth + 1
            )
        predicate = node.predicate
        ranged = self.origins.of(node.range)
        if predicate is None or (node.step.name == "_&&_") is not wanted:
            return ranged.route or _deepest(iter(ranged.items or ()))
        for inner, item in self.names.each(node, ranged.items):
            if inner.truth(predicate) is not wanted:
                search = _Search(inner, self.origins.within(inner))
                found = search.blame(predicate, wanted=wanted, depth=depth + 1)
                return found if found is not None else item
        return ranged.route


def _deepest(routes: Iterator[Route | None]) -> Route | None:
    found = [route for route in routes if route]
    return max(found, key=len) if found else None
