"""Walking a JSON Schema: which part describes the value at a route, and what it allows there."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from gitops_ci.model.span import Route
from gitops_ci.schemas.pack import Schema

_MAX_DEPTH = 12


class Shape:
    """A self-contained JSON Schema with its `$defs`."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._definitions: dict[str, Schema] = schema.get("$defs", {})
        self._places: dict[tuple[str, Route, int], list[Route]] = {}

    def resolve(self, node: Any) -> Schema:
        """The node behind its `$ref`; an empty schema for anything that is no schema."""
        for _ in range(_MAX_DEPTH):
            if not isinstance(node, dict):
                return {}
            reference = node.get("$ref")
            if not isinstance(reference, str):
                return node
            node = self._definitions.get(reference.removeprefix("#/$defs/"), {})
        return {}

    def at(self, route: Route) -> Schema:
        """The schema of the value at `route`; empty where nothing is known."""
        node = self.resolve(self.schema)
        for step in route:
            node = self.resolve(self._step(node, step))
        return node

    def _step(self, node: Schema, step: str | int) -> Any:
        if isinstance(step, int):
            return node.get("items", {})
        for part in self._parts(node):
            properties = part.get("properties", {})
            if step in properties:
                return properties[step]
        return node.get("additionalProperties", {})

    def _parts(self, node: Schema) -> Iterator[Schema]:
        """The node and what its allOf adds."""
        yield node
        for part in node.get("allOf", ()):
            yield self.resolve(part)

    def fields(self, node: Schema) -> dict[str, Any]:
        """The named fields of an object schema."""
        result: dict[str, Any] = {}
        for part in self._parts(node):
            result.update(part.get("properties", {}))
        return result

    def types(self, node: Schema) -> tuple[str, ...]:
        """The JSON types that a value may have; empty when every type is fine."""
        for part in self._parts(node):
            types = part.get("type")
            if isinstance(types, str):
                return (types,)
            if types:
                return tuple(types)
        return ()

    def places(self, name: str, below: Route = (), depth: int = 5) -> list[Route]:
        """The shortest routes, at most `depth` steps below `below`, at which a field called `name`
        may stand; list items are left out of the routes."""
        key = (name, tuple(0 if isinstance(step, int) else step for step in below), depth)
        if key not in self._places:
            self._places[key] = self._search(name, below, depth)
        return self._places[key]

    def _search(self, name: str, below: Route, depth: int) -> list[Route]:
        found: list[Route] = []
        waiting: deque[tuple[Route, Schema]] = deque([((), self.at(below))])
        while waiting:
            route, node = waiting.popleft()
            if found and len(route) >= len(found[0]):
                break
            for field, value in self.fields(node).items():
                if field == name:
                    found.append((*route, field))
                elif len(route) + 1 < depth:
                    following = self.resolve(value)
                    items = following.get("items")
                    following = self.resolve(items) if isinstance(items, dict) else following
                    waiting.append(((*route, field), following))
        return found
