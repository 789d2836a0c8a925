"""The node tree of a file as the editor needs it: routes both ways, and a form to compare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from yaml import MappingNode, Node, ScalarNode, SequenceNode
from yaml.error import YAMLError

from gitops_ci.documents import scalars
from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.json_nodes import compose_file
from gitops_ci.documents.nodes import PLAIN, QUOTED, TooDeepError
from gitops_ci.documents.text import Lines, decode
from gitops_ci.model.span import Route

_MOST_ROUTES = 20_000
MERGE = "<<"


class EditRefusedError(Exception):
    """The edit cannot be made safely; the message says why."""


class Tree(Struct, frozen=True):
    """A composed file. `roots` holds the documents that are not empty, counted as everywhere."""

    roots: tuple[Node, ...]
    lines: Lines

    @property
    def text(self) -> str:
        """The whole text."""
        return self.lines.text

    def node(self, document: int, route: Route) -> Node:
        """The node at `route`, through merges as well. Raises EditRefusedError."""
        if document >= len(self.roots):
            raise EditRefusedError("there is no such document in the file")
        node = self.roots[document]
        for step in route:
            entry = _entry(node, step)
            if entry is None:
                raise EditRefusedError(f"there is no `{'.'.join(map(str, route))}` in the file")
            node = entry[1]
        return node

    def has(self, document: int, route: Route) -> bool:
        """Whether the mapping at `route[:-1]` has the key itself, not by a merge."""
        return _own(self.node(document, route[:-1]), route[-1]) is not None

    def key(self, document: int, route: Route) -> Node | None:
        """The key node of the entry at `route`; None for a list item or the document itself."""
        entry = _entry(self.node(document, route[:-1]), route[-1]) if route else None
        return entry[0] if entry else None

    def in_flow(self, document: int, route: Route) -> bool:
        """Whether the value at `route` stands inside `{}` or `[]`."""
        node = self.roots[document]
        for step in route:
            if getattr(node, "flow_style", False):
                return True
            entry = _entry(node, step)
            node = entry[1] if entry else node
        return False

    def raw_routes(self, document: int, node: Node) -> list[Route]:
        """Every way to `node` in the document as written, merges as a key `<<`."""
        found = [route for route, item in _walk(self.roots[document]) if item is node]
        if not found:
            raise EditRefusedError("the value is not part of the document")
        return found


def open_tree(source: SourceFile) -> Tree:
    """The tree of `source`. Raises EditRefusedError for a file that cannot be read whole."""
    try:
        text = decode(source.data)
        roots = tuple(
            node
            for node in compose_file(source.path, text)
            if not (isinstance(node, ScalarNode) and _leaf(node) == ("plain", "null"))
        )
    except UnicodeDecodeError:
        raise EditRefusedError("the file is not text") from None
    except (YAMLError, TooDeepError):
        raise EditRefusedError("the file is not valid YAML") from None
    return Tree(roots, Lines(text))


def effective(tree: Tree, document: int, raw: Route) -> Route | None:
    """The route by which readers see the value at the raw route: merges folded away; None when a
    key of the mapping itself hides it."""
    node = tree.roots[document]
    result: list[str | int] = []
    holder: Node | None = None
    for step in raw:
        if step == MERGE and isinstance(node, MappingNode):
            holder = holder or node
        elif holder is not None and isinstance(node, MappingNode):
            if _own(holder, step) is not None:
                return None
            result.append(step)
            holder = None
        elif holder is None:
            result.append(step)
        entry = _own(node, step)
        if entry is None:
            return None
        node = entry[1]
    return tuple(result)


def plain_tree(node: Node) -> Any:
    """The tree as nested dicts, lists and (type, text) leaves, in which two readings are equal
    exactly when every reader sees the same. Raises EditRefusedError for a key that comes twice."""
    count = 0

    def build(item: Node) -> Any:
        nonlocal count
        count += 1
        if count > 20 * _MOST_ROUTES:
            raise EditRefusedError("the file unfolds into too many values")
        if isinstance(item, SequenceNode):
            return [build(child) for child in item.value]
        if isinstance(item, MappingNode):
            result = {_key(key): build(value) for key, value in item.value}
            if len(result) != len(item.value):
                raise EditRefusedError("a key comes twice in the file")
            return result
        return _leaf(item)

    try:
        return build(node)
    except RecursionError:
        raise EditRefusedError("an anchor contains itself") from None


def leaf_of(value: object) -> Any:
    """The comparison form of a value that is to be written."""
    if isinstance(value, dict):
        return {key: leaf_of(item) for key, item in value.items()}
    if isinstance(value, list):
        return [leaf_of(item) for item in value]
    if isinstance(value, str):
        return ("str", value)
    if value is None or isinstance(value, bool):
        return ("plain", {None: "null", True: "true", False: "false"}[value])
    return ("plain", repr(value))


def _leaf(node: Node) -> tuple[str, str]:
    tag, text = str(node.tag), str(node.value)
    if tag == QUOTED or tag == "tag:yaml.org,2002:str":
        return ("str", text)
    if tag != PLAIN:
        return (tag, text)
    value = scalars.plain(text)
    if isinstance(value, str):
        return ("str", text)
    return ("plain", "null" if value is None else text)


def _key(node: Node) -> str:
    if not isinstance(node, ScalarNode):
        raise EditRefusedError("a key in the file is not a plain value")
    return str(node.value)


def _own(node: Node, step: str | int) -> tuple[Node | None, Node] | None:
    if isinstance(node, SequenceNode):
        inside = isinstance(step, int) and 0 <= step < len(node.value)
        return (None, node.value[step]) if inside else None
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if isinstance(key, ScalarNode) and key.value == step:
                return key, value
    return None


def _entry(node: Node, step: str | int) -> tuple[Node | None, Node] | None:
    own = _own(node, step)
    if own is not None or not isinstance(node, MappingNode):
        return own
    for key, value in node.value:
        if isinstance(key, ScalarNode) and key.value == MERGE and key.tag == PLAIN:
            for merged in value.value if isinstance(value, SequenceNode) else [value]:
                hit = _entry(merged, step)
                if hit is not None:
                    return hit
    return None


def _walk(root: Node) -> Iterator[tuple[Route, Node]]:
    stack: list[tuple[Route, Node]] = [((), root)]
    count = 0
    while stack:
        route, node = stack.pop()
        yield route, node
        count += 1
        if count > _MOST_ROUTES * 20 or len(route) > 2 * _MOST_ROUTES:
            raise EditRefusedError("the file unfolds into too many values")
        if isinstance(node, SequenceNode):
            stack.extend(((*route, index), item) for index, item in enumerate(node.value))
        elif isinstance(node, MappingNode):
            stack.extend(((*route, str(key.value)), item) for key, item in node.value)
