"""Routes to places. Done per finding, by composing the file again: a clean run never pays."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from typing import Literal

from msgspec import Struct, field
from yaml import MappingNode, Node, ScalarNode, SequenceNode
from yaml.error import YAMLError

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.json_nodes import compose_file
from gitops_ci.documents.nodes import PLAIN, TooDeepError
from gitops_ci.documents.text import Lines, decode
from gitops_ci.model.span import Location, Route

Part = Literal["value", "key"]
_CACHED_FILES = 32


class Place(Struct, frozen=True):
    """Where a route leads. When the route does not exist in the file, `location` is the nearest
    parent that does, and `exact` is False."""

    location: Location
    exact: bool


class _Entries(Struct, frozen=True):
    """The entries of a mapping by their keys, and what is merged into it."""

    by_key: dict[str, tuple[Node, Node]]
    merged: tuple[Node, ...]


class _Composed(Struct, frozen=True):
    """`entries` are those of the mappings that a route led through, by the id of their node."""

    roots: tuple[Node, ...]
    lines: Lines
    entries: dict[int, _Entries] = field(default_factory=dict)


_cache: OrderedDict[tuple[str, int], tuple[bytes, _Composed]] = OrderedDict()


def locate(source: SourceFile, document: int, route: Route, part: Part = "value") -> Place:
    """The place of the value at `route`, or with part="key" of its key (of the whole item in a
    list). For a missing entry: the key of the nearest mapping or item above it."""
    composed = _composed(source)
    if document >= len(composed.roots):
        return Place(Location(source.path, None, route, document), False)
    node = composed.roots[document]
    key: Node | None = None
    for depth, step in enumerate(route):
        following = _step(composed, node, step)
        if following is None:
            shown = key if key is not None else node
            return Place(_location(composed, source, document, route[:depth], shown), False)
        key, node = following
    shown = key if part == "key" and key is not None else node
    if part == "value" and key is not None and _is_block(node):
        shown = key
    return Place(_location(composed, source, document, route, shown), True)


def span_of(source: SourceFile, document: int, route: Route) -> Location | None:
    """The exact span of the value at `route`, a whole block included; None where there is none."""
    composed = _composed(source)
    node = _node_at(composed, document, route)
    return _location(composed, source, document, route, node) if node is not None else None


def scalar_at(source: SourceFile, document: int, route: Route) -> str | None:
    """The scalar at `route` as it is written, also where an alias or a merge leads to it; None
    where there is none."""
    node = _node_at(_composed(source), document, route)
    return str(node.value) if isinstance(node, ScalarNode) else None


def _node_at(composed: _Composed, document: int, route: Route) -> Node | None:
    if document >= len(composed.roots):
        return None
    node = composed.roots[document]
    for step in route:
        following = _step(composed, node, step)
        if following is None:
            return None
        _, node = following
    return node


def lines_of(source: SourceFile) -> Lines:
    """The line table of the file."""
    return _composed(source).lines


def route_at(source: SourceFile, line: int) -> tuple[int, Route] | None:
    """The document and the deepest route whose entry starts on `line` (from 1)."""
    composed = _composed(source)
    best: tuple[int, Route] | None = None
    for index, root in enumerate(composed.roots):
        stack: list[tuple[Node, Route]] = [(root, ())]
        seen: set[int] = set()
        while stack:
            node, route = stack.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            for step, key, child in _entries(node):
                way = (*route, step)
                first = (key or child).start_mark.index
                if composed.lines.span(first, first).line == line and (
                    best is None or best[0] != index or len(way) > len(best[1])
                ):
                    best = (index, way)
                stack.append((child, way))
    return best


def _entries(node: Node) -> list[tuple[str | int, Node | None, Node]]:
    if isinstance(node, MappingNode):
        return [(str(key.value), key, value) for key, value in node.value]
    if isinstance(node, SequenceNode):
        return [(index, None, item) for index, item in enumerate(node.value)]
    return []


def _composed(source: SourceFile) -> _Composed:
    identity = (source.path, len(source.data))
    cached = _cache.get(identity)
    if cached is not None and cached[0] is source.data:
        _cache.move_to_end(identity)
        return cached[1]
    composed = _compose(source)
    _cache[identity] = (source.data, composed)
    if len(_cache) > _CACHED_FILES:
        _cache.popitem(last=False)
    return composed


def _compose(source: SourceFile) -> _Composed:
    try:
        text = decode(source.data)
    except UnicodeDecodeError:
        return _Composed((), Lines(""))
    roots: list[Node] = []
    # the documents before an error still have places; the error is its own finding
    with suppress(YAMLError, TooDeepError):
        roots.extend(
            node
            for node in compose_file(source.path, text)
            if not (isinstance(node, ScalarNode) and node.tag == PLAIN and _is_null(node.value))
        )
    return _Composed(tuple(roots), Lines(text))


def _is_null(text: str) -> bool:
    return text in ("", "~", "null", "Null", "NULL")


def _step(composed: _Composed, node: Node, step: str | int) -> tuple[Node | None, Node] | None:
    """The key node (None in a list) and value node of one step; merged mappings are searched."""
    if isinstance(node, SequenceNode):
        if isinstance(step, int) and 0 <= step < len(node.value):
            return None, node.value[step]
        return None
    if not isinstance(node, MappingNode) or not isinstance(step, str):
        return None
    entries = composed.entries.get(id(node))
    if entries is None:  # one mapping may hold thousands of places to look up
        entries = composed.entries[id(node)] = _entries_of(node)
    if step in entries.by_key:
        return entries.by_key[step]
    merged = (_step(composed, merge, step) for merge in entries.merged)
    return next((hit for hit in merged if hit is not None), None)


def _entries_of(node: MappingNode) -> _Entries:
    by_key: dict[str, tuple[Node, Node]] = {}
    merged: list[Node] = []
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            continue
        by_key[str(key.value)] = key, value
        if key.value == "<<" and key.tag == PLAIN:
            merged.extend(value.value if isinstance(value, SequenceNode) else [value])
    return _Entries(by_key, tuple(merged))


def _is_block(node: Node) -> bool:
    return isinstance(node, (MappingNode, SequenceNode)) and not node.flow_style


def _location(
    composed: _Composed, source: SourceFile, document: int, route: Route, node: Node
) -> Location:
    start, end = node.start_mark.index, node.end_mark.index
    text = composed.lines.text
    while end > start and text[end - 1] in " \t\r\n":
        end -= 1
    if _is_block(node):
        newline = text.find("\n", start, end)
        end = newline if newline != -1 else end
        end = end - 1 if end > start and text[end - 1] == "\r" else end
    return Location(source.path, composed.lines.span(start, end), route, document)
