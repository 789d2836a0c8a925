"""Nodes to plain values, and what is wrong on the way: duplicate keys, alias bombs, odd keys."""

from __future__ import annotations

from sys import intern
from typing import Any

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from gitops_ci.documents import scalars
from gitops_ci.documents.nodes import COLLECTION, MAX_DEPTH, PLAIN, QUOTED, TooDeepError
from gitops_ci.model.span import Route

Value = Any
"""None, bool, int, float, str, list of values, or dict of str to value. Never changed in place."""

_EXPANSION_LIMIT = 1_000_000
_TAG = "tag:yaml.org,2002:"
_RESOLVED_TAGS = frozenset(_TAG + name for name in ("int", "float", "bool", "null"))
_KEY_WORDS = frozenset(
    word
    for word in scalars._OLD_BOOLEANS  # noqa: SLF001 - the same table serves keys
)


class AliasBombError(Exception):
    """Aliases unfold into more than _EXPANSION_LIMIT values, or an anchor contains itself."""

    def __init__(self, node: Node) -> None:
        super().__init__()
        self.node = node


class Builder:
    """Builds the value of one document. After `build`, `duplicates` holds (first key node, second
    key node) pairs, `doubtful` and `doubtful_keys` the values and keys that readers disagree
    about, `tagged` the nodes with a tag of their own, and `odd_keys` the keys that are not
    scalars."""

    def __init__(self, *, aliases: bool) -> None:
        self.duplicates: list[tuple[Node, Node]] = []
        self.doubtful: list[Node] = []
        self.doubtful_keys: list[Node] = []
        self.tagged: list[Node] = []
        self.odd_keys: list[Node] = []
        self._memo: dict[int, tuple[Value, int]] | None = {} if aliases else None
        self._open: set[int] = set()
        self._size = 0

    def build(self, node: Node, depth: int = 0) -> Value:
        """The value of `node`. Raises TooDeepError and AliasBombError."""
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        if depth > MAX_DEPTH:
            raise TooDeepError
        if self._memo is None:
            return self._collection(node, depth)
        return self._shared(node, depth, self._memo)

    def _shared(self, node: Node, depth: int, memo: dict[int, tuple[Value, int]]) -> Value:
        """Anchored values are built once and shared; their unfolded size is counted each time."""
        identity = id(node)
        if identity in self._open:
            raise AliasBombError(node)
        if identity in memo:
            value, size = memo[identity]
            self._size += size
            if self._size > _EXPANSION_LIMIT:
                raise AliasBombError(node)
            return value
        before = self._size
        self._open.add(identity)
        value = self._collection(node, depth)
        self._open.discard(identity)
        self._size += len(node.value)
        memo[identity] = (value, self._size - before)
        return value

    def _collection(self, node: Node, depth: int) -> Value:
        if node.tag != COLLECTION and not node.tag.startswith(_TAG):
            self.tagged.append(node)
        if isinstance(node, SequenceNode):
            build = self.build
            return [build(item, depth + 1) for item in node.value]
        assert isinstance(node, MappingNode)
        return self._mapping(node, depth)

    def _mapping(self, node: MappingNode, depth: int) -> dict[str, Value]:
        result: dict[str, Value] = {}
        merges: list[Node] = []
        first: dict[str, Node] = {}
        plain, cache = scalars.plain, scalars.Ambiguous
        for key_node, value_node in node.value:
            if key_node.__class__ is not ScalarNode:
                self.odd_keys.append(key_node)
                continue
            key = intern(key_node.value)
            if key == "<<" and key_node.tag == PLAIN:
                merges.append(value_node)
                continue
            if key in result:
                first = first or _key_nodes(node)
                self.duplicates.append((first[key], key_node))
            elif key in _KEY_WORDS and key_node.tag == PLAIN:
                self.doubtful_keys.append(key_node)
            if value_node.__class__ is ScalarNode and value_node.tag == PLAIN:
                value = plain(value_node.value)
                if value.__class__ is cache:
                    self.doubtful.append(value_node)
                    value = value.value
                result[key] = value
            else:
                result[key] = self.build(value_node, depth + 1)
        return self._merged(result, merges, depth) if merges else result

    def _merged(self, own: dict[str, Value], merges: list[Node], depth: int) -> dict[str, Value]:
        """Own keys win over merged ones; of several merged mappings the earlier one wins."""
        result: dict[str, Value] = {}
        for merge in reversed(merges):
            sources = merge.value if isinstance(merge, SequenceNode) else [merge]
            for source in reversed(sources):
                value = self.build(source, depth + 1)
                if isinstance(value, dict):
                    result.update(value)
                else:
                    self.odd_keys.append(source)
        result.update(own)
        return result

    def _scalar(self, node: ScalarNode) -> Value:
        tag, text = node.tag, node.value
        if tag == QUOTED:
            return text
        if tag == PLAIN:
            value = scalars.plain(text)
            if value.__class__ is scalars.Ambiguous:
                self.doubtful.append(node)
                return value.value
            return value
        if tag in _RESOLVED_TAGS:
            value = scalars.plain(text)
            return value.value if isinstance(value, scalars.Ambiguous) else value
        if not tag.startswith(_TAG):
            self.tagged.append(node)
        return text


def _key_nodes(mapping: MappingNode) -> dict[str, Node]:
    """The first node of each key: made once for a mapping, however many of its keys come twice."""
    return {key.value: key for key, _ in reversed(mapping.value) if isinstance(key, ScalarNode)}


def routes_of(root: Node, wanted: list[Node]) -> dict[int, Route]:
    """The first route to each node of `wanted` (keys count as their entry), by the node's identity:
    where it is written, not where an alias repeats it."""
    targets = {id(node) for node in wanted}
    found: dict[int, Route] = {}
    seen: set[int] = set()
    stack: list[tuple[Node, Route]] = [(root, ())]
    while stack:
        node, route = stack.pop()
        if id(node) in targets:
            found.setdefault(id(node), route)
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, SequenceNode):
            items = list(enumerate(node.value))
            stack.extend((item, (*route, index)) for index, item in reversed(items))
        elif isinstance(node, MappingNode):
            for key, value in reversed(node.value):
                entry = (*route, str(key.value))
                if id(key) in targets:
                    found.setdefault(id(key), entry)
                stack.append((value, entry))
    return found
