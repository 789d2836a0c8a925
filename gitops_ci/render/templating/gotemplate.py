"""A safe part of Go's text/template: fields, function calls, pipelines, if, with, range.

What it does not know it refuses; it never guesses. Language: https://pkg.go.dev/text/template"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from gitops_ci.model.regex import regex
from gitops_ci.render.templating.functions import FUNCTIONS, MAX_TEXT, is_true, shown

_ACTION = regex(r"\{\{(- )?(.*?)( -)?\}\}", re.DOTALL)
_TOKEN = regex(
    r"""\s*(?:(?P<string>"(?:[^"\\]|\\.)*"|`[^`]*`)|(?P<number>-?\d+(?:\.\d+)?)"""
    r"""|(?P<field>\$?(?:\.[A-Za-z_]\w*)+)|(?P<dot>\$|\.(?![A-Za-z_]))|(?P<word>[A-Za-z_]\w*)"""
    r"""|(?P<sign>[|()]))""",
    re.DOTALL,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_WORDS: dict[str, Any] = {"true": True, "false": False, "nil": None}
_MAX_STEPS = 10_000


class TemplateError(Exception):
    """The template fails with these parameters, as it would in the controller."""


class UnknownTemplateError(Exception):
    """The template uses something that is not known here."""


class _Text(Struct, frozen=True):
    text: str


class _Output(Struct, frozen=True):
    words: str


class _Block(Struct, frozen=True):
    """`if`, `with` or `range` with its branches; `else if` is a block inside `other`."""

    kind: str
    words: str
    body: tuple[_Node, ...]
    other: tuple[_Node, ...] = ()


_Node = _Text | _Output | _Block


def render(text: str, parameters: dict[str, Any], *, missing_is_error: bool) -> str:
    """The text that the template gives. Raises TemplateError and UnknownTemplateError."""
    if "{{" not in text:
        return text
    nodes = _Parser(text).parse()
    machine = _Machine(parameters, missing_is_error=missing_is_error)
    return machine.run(nodes, parameters)


class _Parser:
    def __init__(self, text: str) -> None:
        self._pieces = list(_split(text))
        self._position = 0

    def parse(self) -> tuple[_Node, ...]:
        """The nodes of the whole text."""
        nodes, end = self._nodes()
        if end:
            raise UnknownTemplateError(f"'{{{{ {end} }}}}' without a beginning")
        return nodes

    def _nodes(self) -> tuple[tuple[_Node, ...], str]:
        """Nodes up to `end` or `else`, and which of them it was, "" at the end of the text."""
        nodes: list[_Node] = []
        while self._position < len(self._pieces):
            piece, is_action = self._pieces[self._position]
            self._position += 1
            word, _, rest = piece.partition(" ")
            if not is_action:
                nodes.append(_Text(piece))
            elif word in ("end", "else"):
                return tuple(nodes), piece
            elif word in ("if", "with", "range"):
                nodes.append(self._block(word, rest))
            elif word in ("define", "template", "block", "break", "continue"):
                raise UnknownTemplateError(f"'{word}' is not supported")
            elif not piece.startswith("/*"):
                nodes.append(_Output(piece))
        return tuple(nodes), ""

    def _block(self, kind: str, words: str) -> _Block:
        body, end = self._nodes()
        other: tuple[_Node, ...] = ()
        if end.startswith("else "):
            following, _, rest = end.removeprefix("else ").partition(" ")
            return _Block(kind, words, body, (self._block(following, rest),))
        if end == "else":
            other, end = self._nodes()
        if end != "end":
            raise TemplateError(f"'{{{{ {kind} {words} }}}}' has no end")
        return _Block(kind, words, body, other)


def _split(text: str) -> Iterator[tuple[str, bool]]:
    """Texts and actions in order; trim marks are obeyed."""
    position, trim = 0, False
    for match in _ACTION.finditer(text):
        piece = text[position : match.start()]
        piece = piece.lstrip() if trim else piece
        yield (piece.rstrip() if match[1] else piece), False
        yield match[2].strip(), True
        position, trim = match.end(), bool(match[3])
    rest = text[position:]
    yield (rest.lstrip() if trim else rest), False


class _Machine:
    def __init__(self, root: Any, *, missing_is_error: bool) -> None:
        self._root = root
        self._missing_is_error = missing_is_error
        self._steps = 0

    def run(self, nodes: tuple[_Node, ...], dot: Any) -> str:
        """What the nodes print, with `dot` as the cursor."""
        parts: list[str] = []
        for node in nodes:
            self._steps += 1
            if self._steps > _MAX_STEPS:
                raise UnknownTemplateError("the template does too much")
            if isinstance(node, _Text):
                parts.append(node.text)
            elif isinstance(node, _Output):
                parts.append(shown(self._value(node.words, dot)))
            else:
                parts.append(self._block(node, dot))
        text = "".join(parts)
        if len(text) > MAX_TEXT:
            raise UnknownTemplateError("the template gives too long a text")
        return text

    def _block(self, block: _Block, dot: Any) -> str:
        value = self._value(block.words, dot)
        if block.kind == "range" and is_true(value):
            entries = [value[key] for key in sorted(value)] if isinstance(value, dict) else value
            if not isinstance(entries, list):
                raise TemplateError(f"cannot range over '{block.words}'")
            return "".join(self.run(block.body, entry) for entry in entries)
        if not is_true(value):
            return self.run(block.other, dot)
        return self.run(block.body, value if block.kind == "with" else dot)

    def _value(self, words: str, dot: Any) -> Any:
        if ":=" in words or "$" in words.replace("$.", ""):
            raise UnknownTemplateError("variables are not supported")
        tokens = list(_tokens(words))
        value, rest = self._pipeline(tokens, 0, dot)
        if rest != len(tokens):
            raise UnknownTemplateError(f"'{words}' cannot be read")
        return value

    def _pipeline(self, tokens: list[tuple[str, str]], at: int, dot: Any) -> tuple[Any, int]:
        value, at = self._command(tokens, at, dot, ())
        while at < len(tokens) and tokens[at] == ("sign", "|"):
            value, at = self._command(tokens, at + 1, dot, (value,))
        return value, at

    def _command(
        self, tokens: list[tuple[str, str]], at: int, dot: Any, piped: tuple[Any, ...]
    ) -> tuple[Any, int]:
        if at >= len(tokens):
            raise TemplateError("an expression is missing")
        kind, text = tokens[at]
        if kind != "word" or text in _WORDS:
            value, at = self._operand(tokens, at, dot)
            if piped:
                raise TemplateError("only a function can follow '|'")
            return value, at
        arguments: list[Any] = []
        at += 1
        while at < len(tokens) and tokens[at] not in (("sign", "|"), ("sign", ")")):
            value, at = self._operand(tokens, at, dot)
            arguments.append(value)
        return _call(text, (*arguments, *piped)), at

    def _operand(self, tokens: list[tuple[str, str]], at: int, dot: Any) -> tuple[Any, int]:
        kind, text = tokens[at]
        if kind == "string":
            return _string(text), at + 1
        if kind == "number":
            return (float(text) if "." in text else int(text)), at + 1
        if kind == "dot":
            return (self._root if text == "$" else dot), at + 1
        if kind == "field":
            return self._field(text, dot), at + 1
        if kind == "word":
            return (_WORDS[text] if text in _WORDS else _call(text, ())), at + 1
        if text == "(":
            value, at = self._pipeline(tokens, at + 1, dot)
            if at < len(tokens) and tokens[at] == ("sign", ")"):
                return value, at + 1
        raise UnknownTemplateError("an expression cannot be read")

    def _field(self, text: str, dot: Any) -> Any:
        value = self._root if text.startswith("$") else dot
        for name in text.lstrip("$").strip(".").split("."):
            if isinstance(value, dict) and name in value:
                value = value[name]
            elif self._missing_is_error or value is None:
                raise TemplateError(f"there is no parameter '{text}'")
            else:
                value = None
        return value


def _tokens(words: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(words.rstrip()):
        match = _TOKEN.match(words, position)
        if match is None or match.lastgroup is None:
            raise UnknownTemplateError(f"'{words}' cannot be read")
        yield match.lastgroup, match[match.lastgroup]
        position = match.end()


def _string(text: str) -> str:
    if text.startswith("`"):
        return text[1:-1]
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), text[1:-1])


def _call(name: str, arguments: tuple[Any, ...]) -> Any:
    function = FUNCTIONS.get(name)
    if function is None:
        raise UnknownTemplateError(f"the function '{name}' is not supported")
    try:
        return function(*arguments)
    except (TypeError, ValueError, IndexError, KeyError, AttributeError) as error:
        raise TemplateError(f"'{name}' fails: {error}") from error
