"""Text to PyYAML's node tree: the C composer, guarded against what would crash or mislead it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from yaml import MappingNode, Node, ScalarNode, SequenceNode
from yaml._yaml import CParser
from yaml.error import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from gitops_ci.model.regex import regex

PLAIN = "plain"
QUOTED = "quoted"
COLLECTION = "collection"
MAX_DEPTH = 150
"""Deeper nesting than any manifest has, and shallow enough for recursive walks."""

_CHECK_DEPTH_FROM = 2_000
_COMPACT = regex(rf"(?:[-?] +){{{_CHECK_DEPTH_FROM}}}")
_ROUND = bytes.maketrans(b"[]{}", b"()()")
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_PASSES = 50


class TooDeepError(Exception):
    """Nesting beyond MAX_DEPTH."""


class _Composer(CParser):
    """PyYAML's C composer with tags that only tell plain, quoted and collection apart: the values
    are resolved later, in one pass, by the rules of the Kubernetes readers."""

    def resolve(self, kind: type, _value: str, implicit: Any) -> str:
        if kind is ScalarNode:
            return PLAIN if implicit[0] else QUOTED
        return COLLECTION

    def descend_resolver(self, parent: Node, index: Any) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


def compose(text: str) -> Iterator[Node]:
    """The root node of each document that is not empty.

    Raises MarkedYAMLError or ReaderError on a syntax error, TooDeepError on hostile nesting.
    Offsets in marks count code points of `text`.
    """
    _guard_depth(text)
    done = 0
    try:
        for node in _compose_fast(text):
            done += 1
            yield node
        return
    except MarkedYAMLError as error:
        if "duplicate anchor" not in str(error.context):
            raise
    for index, node in enumerate(_compose_events(text)):
        if index >= done:
            yield node


def _compose_fast(text: str) -> Iterator[Node]:
    parser = _Composer(text)
    try:
        while parser.check_node():
            yield cast("Node", parser.get_node())
    finally:
        parser.dispose()


def _guard_depth(text: str) -> None:
    """The C composer recurses on the machine stack and would crash the process."""
    suspicious = (
        _may_be_deep_in_brackets(text)
        or " " * _CHECK_DEPTH_FROM in text
        or _is_deep_in_one_line(text)
    )
    if suspicious and _is_too_deep(text):
        raise TooDeepError


def _may_be_deep_in_brackets(text: str) -> bool:
    """Whether more brackets may be open at once than are worth a look. Each pass takes away the
    innermost pairs and so one level at most; what opens behind the passes bounds the rest."""
    if text.count("[") + text.count("{") <= _CHECK_DEPTH_FROM:
        return False
    brackets = text.encode("utf-8", "surrogatepass").translate(_ROUND, _NOT_BRACKETS)
    for level in range(_PASSES):
        if brackets.count(b"(") + level <= _CHECK_DEPTH_FROM:
            return False
        brackets = brackets.replace(b"()", b"")
    return True


def _is_deep_in_one_line(text: str) -> bool:
    """Whether one line opens very many block collections, as `- - - a` opens three."""
    if text.count("- ") + text.count("? ") < _CHECK_DEPTH_FROM:
        return False
    return _COMPACT.search(text) is not None


def _is_too_deep(text: str) -> bool:
    """Stops at the first level too many: libyaml takes quadratic time on deep flow nesting."""
    parser = _Composer(text)
    depth = 0
    try:
        while parser.check_event():
            event = parser.get_event()
            if isinstance(event, (MappingStartEvent, SequenceStartEvent)):
                depth += 1
                if depth > MAX_DEPTH:
                    return True
            elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
                depth -= 1
    except MarkedYAMLError:
        return False
    finally:
        parser.dispose()
    return False


def _compose_events(text: str) -> Iterator[Node]:
    """The slow way: lets an anchor be defined again, which YAML allows and PyYAML refuses."""
    parser = _Composer(text)
    try:
        while parser.check_event():
            if isinstance(parser.get_event(), DocumentStartEvent):
                yield _node(parser, {})
    finally:
        parser.dispose()


def _node(parser: _Composer, anchors: dict[str, Node]) -> Node:
    event = _event(parser)
    kind = type(event)
    if kind is AliasEvent:
        return anchors[_known(event, anchors)]
    tag = event.tag
    node: Node
    if kind is ScalarEvent:
        if tag is None or tag == "!":
            tag = PLAIN if event.implicit[0] and tag is None else QUOTED
        node = ScalarNode(tag, event.value, event.start_mark, event.end_mark, style=event.style)
        _remember(anchors, event.anchor, node)
        return node
    tag = tag if tag not in (None, "!") else COLLECTION
    items: list[Any] = []
    if kind is SequenceStartEvent:
        node = SequenceNode(tag, items, event.start_mark, None, event.flow_style)
        _remember(anchors, event.anchor, node)
        while not parser.check_event(SequenceEndEvent):
            items.append(_node(parser, anchors))
    else:
        node = MappingNode(tag, items, event.start_mark, None, event.flow_style)
        _remember(anchors, event.anchor, node)
        while not parser.check_event(MappingEndEvent):
            key = _node(parser, anchors)
            items.append((key, _node(parser, anchors)))
    node.end_mark = _event(parser).end_mark
    return node


def _event(parser: _Composer) -> Any:
    """The next event; the type stubs know less about it than the library gives."""
    return cast("Any", parser.get_event())


def _known(event: Any, anchors: dict[str, Node]) -> str:
    if event.anchor not in anchors:
        raise MarkedYAMLError(None, None, "found undefined alias", event.start_mark)
    return str(event.anchor)


def _remember(anchors: dict[str, Node], name: str | None, node: Node) -> None:
    if name is not None:
        anchors[name] = node
