"""Where an entry is added or taken away, in block and in flow style."""

from __future__ import annotations

import re
from typing import Any

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from gitops_ci.documents.edit_text import (
    block_lines,
    entry_ranges,
    flow_key,
    flow_text,
    line_end,
    line_start,
    newline_of,
)
from gitops_ci.documents.edit_tree import EditRefusedError, Tree
from gitops_ci.model.regex import regex

_INDENTED_LIST = regex(r"^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n\1 +- ", re.MULTILINE)


def insertion(
    tree: Tree, parent: Node, key: Node | None, step: str | int, value: Any, *, json_file: bool
) -> tuple[int, str]:
    """The offset at which a new last entry of `parent` goes, and its text. `key` is the key of
    `parent` itself, for a parent that is still empty. Raises EditRefusedError."""
    if isinstance(parent, ScalarNode):
        return _into_nothing(tree, parent, key, step, value)
    assert isinstance(parent, (MappingNode, SequenceNode))
    if parent.flow_style:
        return _into_flow(tree, parent, step, value, json_file=json_file)
    return _behind_last(tree, parent, step, value)


def _behind_last(
    tree: Tree, parent: MappingNode | SequenceNode, step: str | int, value: Any
) -> tuple[int, str]:
    text = tree.text
    ranges = entry_ranges(text, parent)
    start = ranges[0][0]
    if isinstance(parent, SequenceNode):
        start = text.rfind("-", 0, start)
    indent = " " * (start - line_start(text, start))
    return line_end(text, ranges[-1][1]), _lines(tree, indent, step, value)


def _into_nothing(
    tree: Tree, parent: ScalarNode, key: Node | None, step: str | int, value: Any
) -> tuple[int, str]:
    text = tree.text
    if key is None or parent.value not in ("", "~", "null") or parent.style not in ("", None):
        raise EditRefusedError("the value above is neither a mapping nor a list")
    if parent.start_mark.index != parent.end_mark.index:
        raise EditRefusedError("the value above is written as null")
    start = key.start_mark.index
    indent = " " * (start - line_start(text, start) + (2 if isinstance(step, str) else 0))
    return line_end(text, parent.end_mark.index), _lines(tree, indent, step, value)


def _lines(tree: Tree, indent: str, step: str | int, value: Any) -> str:
    key = step if isinstance(step, str) else None
    style = _INDENTED_LIST.search(tree.text) is not None
    newline = newline_of(tree.text)
    lines = block_lines(value, key=key, indented_lists=style)
    return "".join(newline + indent + line for line in lines)


def _into_flow(
    tree: Tree, parent: MappingNode | SequenceNode, step: str | int, value: Any, *, json_file: bool
) -> tuple[int, str]:
    new = flow_text(value, json_file=json_file)
    if isinstance(step, str):
        new = flow_key(step, json_file=json_file) + new
    if not parent.value:
        return parent.end_mark.index - 1, new
    text = tree.text
    last, place = entry_ranges(text, parent)[-1]
    start = line_start(text, last)
    if text[start:last].strip() or start <= parent.start_mark.index:
        return place, ", " + new
    return place, "," + newline_of(text) + text[start:last] + new


def removal(tree: Tree, parent: Node, step: str | int) -> tuple[int, int]:
    """The range to delete so that the entry or item is gone. Raises EditRefusedError."""
    assert isinstance(parent, (MappingNode, SequenceNode))
    index = _index(parent, step)
    if len(parent.value) == 1:
        raise EditRefusedError("it is the only entry: remove what holds it instead")
    return (_from_flow if parent.flow_style else _from_block)(tree, parent, index)


def _index(parent: MappingNode | SequenceNode, step: str | int) -> int:
    if isinstance(parent, SequenceNode):
        assert isinstance(step, int)
        return step
    keys = [key.value if isinstance(key, ScalarNode) else None for key, _ in parent.value]
    if step not in keys:
        raise EditRefusedError("the entry comes from a merge")
    return keys.index(step)


def _ends(tree: Tree, parent: MappingNode | SequenceNode, index: int) -> tuple[int, int]:
    start, end = entry_ranges(tree.text, parent)[index]
    if isinstance(parent, SequenceNode) and not parent.flow_style:
        start = tree.text.rfind("-", 0, start)
    return start, end


def _from_block(tree: Tree, parent: MappingNode | SequenceNode, index: int) -> tuple[int, int]:
    text = tree.text
    start, end = _ends(tree, parent, index)
    begin = line_start(text, start)
    if text[begin:start].strip():
        following, _ = _ends(tree, parent, index + 1) if index == 0 else (start, 0)
        if "#" in text[line_end(text, end) : following]:
            raise EditRefusedError("a comment stands between this entry and the next")
        return start, following
    stop = line_end(text, end)
    if stop == len(text):
        return max(begin - len(newline_of(text)), 0), stop
    return begin, stop + (2 if text[stop : stop + 2] == "\r\n" else 1)


def _from_flow(tree: Tree, parent: MappingNode | SequenceNode, index: int) -> tuple[int, int]:
    start, end = _ends(tree, parent, index)
    if index + 1 < len(parent.value):
        return start, _ends(tree, parent, index + 1)[0]
    return _ends(tree, parent, index - 1)[1], end
