"""JSON as PyYAML's nodes: the same but for `\\ud83d\\ude80`, two escapes that are one character in
JSON (RFC 8259, section 7) and an error in YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from gitops_ci.documents.nodes import compose
from gitops_ci.model.regex import regex

_ESCAPED = regex(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_SHIFT = 0xE000 - 0xD800
_SHIFTED = regex("([\ue000-\ue3ff])([\ue400-\ue7ff])")


def compose_file(path: str, text: str) -> Iterator[Node]:
    """The root node of each document, as `compose` gives it; JSON by the ending of `path`. Places
    count characters of `text`. Raises as `compose` does."""
    if not path.endswith(".json") or not _ESCAPED.search(text):
        yield from compose(text)
        return
    # each half goes, at the same length, to where no character lives, and comes back as one
    for root in compose(_ESCAPED.sub(_apart, text)):
        _join(root)
        yield root


def _apart(match: re.Match[str]) -> str:
    return "".join(f"\\u{int(half, 16) + _SHIFT:04x}" for half in match.groups())


def _join(root: Node) -> None:
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, ScalarNode):
            node.value = _SHIFTED.sub(_together, node.value)
        elif isinstance(node, SequenceNode):
            stack.extend(node.value)
        elif isinstance(node, MappingNode):
            stack.extend(part for pair in node.value for part in pair)


def _together(match: re.Match[str]) -> str:
    high, low = (ord(half) - 0xE000 for half in match.groups())
    return chr(0x10000 + (high << 10) + (low - 0x400))
