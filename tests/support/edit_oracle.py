"""A judge of edits that shares no code with the editor: PyYAML's parser in Python, composed before
and after, with its own rules for what aliases and merges make a reader see."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml import MappingNode, Node, ScalarNode, SequenceNode

Route = tuple[str | int, ...]
MERGE = "tag:yaml.org,2002:merge"
NULL = "tag:yaml.org,2002:null"
COMMENT = re.compile(r"# c\d+\b")
_MOST = 400


@dataclass(frozen=True)
class Reading:
    """A file as the judge sees it: its text without the mark, and the documents that hold
    something."""

    mark: bytes
    text: str
    roots: tuple[Node, ...]


def reading(data: bytes) -> Reading:
    """The judge's reading. Raises YAMLError."""
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    text = data[len(mark) :].decode()
    roots = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    for root in roots:
        _join(root)
    return Reading(mark, text, tuple(root for root in roots if root and root.tag != NULL))


def _join(node: Node | None) -> None:
    """JSON writes one character as two escapes, which YAML takes for two."""
    if isinstance(node, ScalarNode):
        node.value = node.value.encode("utf-16", "surrogatepass").decode("utf-16")
    elif isinstance(node, (SequenceNode, MappingNode)):
        for item in node.value:
            for part in item if isinstance(item, tuple) else (item,):
                _join(part)


@dataclass(frozen=True)
class Place:
    """A value that a reader sees: by which route, what it is, and in what it stands."""

    document: int
    route: Route
    node: Node
    parent: Node


def places(found: Reading) -> list[Place]:
    """What readers see, merges folded away, aliases followed."""
    return [
        place
        for document, root in enumerate(found.roots)
        for _, place in zip(range(_MOST), _below(document, (), root), strict=False)
    ]


def _below(document: int, route: Route, node: Node) -> Iterator[Place]:
    for step, child in _children(node):
        place = Place(document, (*route, step), child, node)
        yield place
        yield from _below(document, place.route, child)


def _children(node: Node) -> list[tuple[str | int, Node]]:
    if isinstance(node, SequenceNode):
        return list(enumerate(node.value))
    return list(_merged(node).items()) if isinstance(node, MappingNode) else []


def _merged(node: MappingNode) -> dict[str | int, Node]:
    own = {key.value: value for key, value in node.value if key.tag != MERGE}
    result: dict[str | int, Node] = {}
    for key, value in node.value:
        if key.tag == MERGE:
            result.update(_merged(value))
    return {**result, **own}


def ways(found: Reading, document: int, node: Node) -> int:
    """How often a node comes in a document as written: more than once behind aliases and merges
    of it or of what it stands in."""
    return sum(item is node for item in below(found.roots[document]))


def below(node: Node) -> Iterator[Node]:
    """A node and everything in it, as written: keys too, and shared ones as often as they come."""
    yield node
    if isinstance(node, (SequenceNode, MappingNode)):
        for item in node.value:
            for part in item if isinstance(item, tuple) else (item,):
                yield from below(part)


Form = Any
Put = dict[int, Callable[[Form], Form]]


def form(node: Node, put: Put) -> Form:
    """What a node means, order included; `put` says by identity what is to be another thing."""
    if isinstance(node, SequenceNode):
        result: Form = [form(item, put) for item in node.value]
    elif isinstance(node, MappingNode):
        result = [(form(key, put), form(value, put)) for key, value in node.value]
    else:
        result = (node.tag, node.value)
    return put[id(node)](result) if id(node) in put else result


def form_of(value: object) -> Form:
    """What a value means, in the same words."""
    if isinstance(value, dict):
        return [(form_of(key), form_of(item)) for key, item in value.items()]
    if isinstance(value, list):
        return [form_of(item) for item in value]
    if value is None:
        return (NULL, "null")
    if isinstance(value, bool):
        return ("tag:yaml.org,2002:bool", str(value).lower())
    name = {int: "int", float: "float", str: "str"}[type(value)]
    return (f"tag:yaml.org,2002:{name}", str(value))


def assert_only(before: Reading, after: bytes, put: Put) -> None:
    """Every document means what it meant, except what `put` says; mark and line ends stay."""
    now = reading(after)
    assert now.mark == before.mark
    assert [form(root, {}) for root in now.roots] == [form(root, put) for root in before.roots]
    if "\r\n" in before.text and "\n" not in before.text.replace("\r\n", ""):
        assert "\n" not in now.text.replace("\r\n", "")


def changed_range(old: str, new: str) -> tuple[int, int, int]:
    """Where `old` and `new` differ: the start, the end in `old`, the end in `new`."""
    start = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), None)
    start = min(len(old), len(new)) if start is None else start
    tail = min(common_tail(old, new), len(old) - start, len(new) - start)
    return start, len(old) - tail, len(new) - tail


def common_tail(old: str, new: str) -> int:
    """The length of the common end of two texts."""
    limit = min(len(old), len(new))
    return next((i for i in range(limit) if old[-1 - i] != new[-1 - i]), limit)


def real_end(node: Node) -> int:
    """The end of the last thing that is written for a node; where that is an alias, whose own end
    nobody tells, the end of what it stands in."""
    return int(last_of(node).end_mark.index)


def last_of(node: Node) -> Node:
    """The last thing that is written for a node; what holds it, where that is an alias."""
    while isinstance(node, (MappingNode, SequenceNode)) and not node.flow_style and node.value:
        last = node.value[-1]
        if _is_alias(node, last):
            return node
        node = last[1] if isinstance(last, tuple) else last
    return node


def _is_alias(holder: MappingNode | SequenceNode, last: Any) -> bool:
    """Whether the last entry is an alias: its node stands where the anchor is, before it."""
    if isinstance(last, tuple):
        return bool(last[1].start_mark.index < last[0].end_mark.index)
    if last.start_mark.index < holder.start_mark.index:
        return True
    return any(node is last for item in holder.value[:-1] for node in below(item))


def ends_in_block(node: Node, text: str) -> bool:
    """Whether the file ends in a block of text without a line end, which nothing can follow."""
    return is_block(last_of(node)) and text[-1] != "\n" and real_end(node) == len(text)


def is_block(node: Node) -> bool:
    """Whether a node is a literal or folded block of text."""
    return isinstance(node, ScalarNode) and node.style in ("|", ">")


def comments(text: str) -> set[str]:
    """The numbered comments of a text."""
    return set(COMMENT.findall(text))


def is_flat(node: Node, text: str) -> bool:
    """A scalar on one line, whose edit nothing can hinder."""
    written = text[node.start_mark.index : node.end_mark.index]
    return isinstance(node, ScalarNode) and not is_block(node) and "\n" not in written
