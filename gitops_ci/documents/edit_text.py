"""Where and how a value stands in the text: the ranges and the new words of an edit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from yaml import MappingNode, Node, ScalarNode, SequenceNode

from gitops_ci.documents.edit_tree import EditRefusedError
from gitops_ci.documents.quoting import DOUBLE, PLAIN, written
from gitops_ci.model.regex import regex

_PROPERTIES = regex(r"(?:[&!][^\s,\[\]{}]*(?:[ \t]+|(?=[\r\n])|\Z))*")
_ALIAS = regex(r"(?:[\s,:?-]|#[^\r\n]*)*(\*[^\s,\[\]{}]+)")
_BLOCK_HEADER = regex(r"([|>])([-+0-9]*)[ \t]*(?:#[^\r\n]*)?(\r\n|\r|\n)")


class Token(Struct, frozen=True):
    """The range of a scalar's own text: without anchor and tag, with quotes."""

    start: int
    end: int


def scalar_token(text: str, node: ScalarNode) -> Token:
    """The token of `node` in `text`."""
    start, end = node.start_mark.index, node.end_mark.index
    match = _PROPERTIES.match(text, start, end)
    return Token(match.end() if match else start, end)


def set_text(text: str, node: ScalarNode, token: Token, value: object, *, flow: bool) -> str:
    """What replaces the token so that the scalar means `value`. Raises EditRefusedError."""
    if node.style in ("|", ">"):
        return _block_text(text, token, value)
    if token.start == token.end:
        return _filled(text, token, value, flow=flow)
    if "\n" in text[token.start : token.end] and node.style == PLAIN:
        raise EditRefusedError("the value is written over several lines")
    return written(value, str(node.style or PLAIN), flow=flow)


def _filled(text: str, token: Token, value: object, *, flow: bool) -> str:
    """An empty value has no text: it is glued to the colon or dash before it."""
    before = text[: token.start].rstrip(" \t")[-1:]
    if before not in (":", "-") and text[token.start - 1 : token.start] not in (" ", "\t"):
        raise EditRefusedError("there is no place for a value here")
    glued = text[token.start - 1 : token.start] not in (" ", "\t")
    return (" " if glued else "") + written(value, PLAIN, flow=flow)


def _block_text(text: str, token: Token, value: object) -> str:
    """The lines of a block scalar, with its header and indentation."""
    header = _BLOCK_HEADER.match(text, token.start, token.end)
    if header is None or not isinstance(value, str):
        raise EditRefusedError("a block of text can only be replaced by text")
    if header[1] == ">" and "\n" in value.rstrip("\n"):
        raise EditRefusedError("the value is a folded block")
    body = text[header.end() : token.end]
    newline = header[3]
    first = next((line for line in re.split(r"\r\n|\r|\n", body) if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip(" "))]
    if not indent or value[:1] in (" ", "\n", ""):
        raise EditRefusedError("the indentation of the block cannot be kept")
    tail = body[len(body.rstrip()) :]
    lines = [indent + line if line else "" for line in value.rstrip("\n").split("\n")]
    return header[0] + newline.join(lines) + tail


def end_of(text: str, node: Node) -> int:
    """Where the text of `node` really ends, without the white space that belongs to nobody."""
    if isinstance(node, (MappingNode, SequenceNode)) and not node.flow_style and node.value:
        return entry_ranges(text, node)[-1][1]
    end = node.end_mark.index
    if _keeps_blank_lines(text, node):
        return end - (2 if text[end - 2 : end] == "\r\n" else 1 if text[end - 1] in "\r\n" else 0)
    while end > node.start_mark.index and text[end - 1] in " \t\r\n":
        end -= 1
    return end


def entry_ranges(text: str, parent: MappingNode | SequenceNode) -> list[tuple[int, int]]:
    """Where each entry or item of `parent` starts, behind a dash, and really ends. An alias, whose
    node stands where its anchor is, is looked for behind what comes before it. Raises
    EditRefusedError."""
    match = _PROPERTIES.match(text, parent.start_mark.index)
    place = (match.end() if match else parent.start_mark.index) + bool(parent.flow_style)
    ranges = []
    for item in parent.value:
        start = -1
        for part in item if isinstance(item, tuple) else (item,):
            begin, place = _range(text, part, place)
            start = begin if start < 0 else start
        ranges.append((start, place))
    return ranges


def _range(text: str, node: Node, place: int) -> tuple[int, int]:
    if node.start_mark.index >= place:
        return node.start_mark.index, end_of(text, node)
    match = _ALIAS.match(text, place)
    if match is None:
        raise EditRefusedError("an alias is not where it is expected")
    return match.start(1), match.end()


def _keeps_blank_lines(text: str, node: Node) -> bool:
    """Whether the blank lines behind a block of text are a part of it: `|+`."""
    if not isinstance(node, ScalarNode) or node.style not in ("|", ">"):
        return False
    header = _BLOCK_HEADER.match(text, scalar_token(text, node).start, node.end_mark.index)
    return header is not None and "+" in header[2]


def line_end(text: str, place: int) -> int:
    """The end of the line that holds `place`, before its line break."""
    match = re.compile(r"[\r\n]").search(text, place)
    return match.start() if match else len(text)


def line_start(text: str, place: int) -> int:
    """The start of the line that holds `place`."""
    return max(text.rfind("\n", 0, place), text.rfind("\r", 0, place)) + 1


def newline_of(text: str) -> str:
    """The line end that the text uses first."""
    match = re.search(r"\r\n|\r|\n", text)
    return match[0] if match else "\n"


def block_lines(value: Any, *, key: str | None, indented_lists: bool) -> Iterator[str]:
    """The lines of an entry (`key: value`) or item (`- value`) in block style, from column 0."""
    head = f"{written(key)}:" if key is not None else "-"
    if isinstance(value, dict) and value:
        yield from _nested(head, key, _mapping_lines(value, indented_lists), "  ")
    elif isinstance(value, list) and value:
        items = [
            line
            for item in value
            for line in block_lines(item, key=None, indented_lists=indented_lists)
        ]
        yield from _nested(head, key, items, "  " if indented_lists or key is None else "")
    else:
        yield f"{head} {json.dumps(value) if value in ({}, []) else written(value)}"


def _mapping_lines(value: dict[str, Any], indented_lists: bool) -> list[str]:  # noqa: FBT001 - private
    return [
        line
        for name, item in value.items()
        for line in block_lines(item, key=name, indented_lists=indented_lists)
    ]


def _nested(head: str, key: str | None, lines: list[str], indent: str) -> Iterator[str]:
    if key is not None:
        yield head
        yield from (indent + line for line in lines)
        return
    yield f"{head} {lines[0]}"
    yield from ("  " + line for line in lines[1:])


def flow_text(value: Any, *, json_file: bool) -> str:
    """The value in flow style: JSON in JSON files, else YAML with as few quotes as possible."""
    if json_file:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        inner = ", ".join(
            f"{written(k, flow=True)}: {flow_text(v, json_file=False)}" for k, v in value.items()
        )
        return "{" + inner + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow_text(item, json_file=False) for item in value) + "]"
    return written(value, PLAIN, flow=True)


def flow_key(key: str, *, json_file: bool) -> str:
    """A key in flow style with its colon."""
    return f"{written(key, DOUBLE if json_file else PLAIN, flow=True)}: "
