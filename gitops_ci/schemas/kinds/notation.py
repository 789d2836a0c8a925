"""The notation of the `*.kinds` files, and its compiler to structural JSON schemas.

A file is a list of blocks. A block starts in the first column, its fields are indented:

    kind Canary flagger.app v1beta1     a kind, its group, and each version that has this body
      spec! CanarySpec                  a required field of a named type
    type CanarySpec
      interval  str /^[0-9]+s$/         a string of that pattern
      match     [obj]                   a list of objects, whose fields follow deeper
        path    Exact|Prefix            one of these words (`Exact|` when there is but one)
      ...Common                         the fields of the type `Common` as well
      ...                               and any other field: the list above is not the whole one
    type Interval = str /^[0-9]+s$/     another name for a type

Types: `str int num bool time quantity`, `intstr` (integer or string), `any` (every value), `open`
(an object with any fields), `obj` (an object whose fields follow), `[T]` (list), `{T}` (map with
string keys), `T?` (T or null), a named type of the same file, and `k8s:core.v1.PodSpec` or
`k8s:meta.v1.LabelSelector` for a type of Kubernetes itself.

What comes out follows the structural schemas of CustomResourceDefinitions: an object is closed by
the reader of the schema, not by `additionalProperties: false`, unless it carries
`x-kubernetes-preserve-unknown-fields`. A type of Kubernetes comes out as
`{"x-gitops-ci-ref": "io.k8s.api.core.v1.PodSpec"}`, named as in the Kubernetes OpenAPI document;
a reader that cannot resolve it treats it as preserve-unknown.
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from gitops_ci.model.regex import regex

Schema = dict[str, Any]

REF = "x-gitops-ci-ref"
"""The keyword that stands for a definition of the Kubernetes OpenAPI document."""
OPEN = "x-kubernetes-preserve-unknown-fields"

_QUANTITY = (
    r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))"
    r"(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$"
)
_INT_OR_STRING: Schema = {
    "anyOf": [{"type": "integer"}, {"type": "string"}],
    "x-kubernetes-int-or-string": True,
}
_ATOMS: dict[str, Schema] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "num": {"type": "number"},
    "bool": {"type": "boolean"},
    "time": {"type": "string", "format": "date-time"},
    "intstr": _INT_OR_STRING,
    "quantity": {**_INT_OR_STRING, "pattern": _QUANTITY},
    "any": {OPEN: True},
    "open": {"type": "object", OPEN: True},
}
_META = "io.k8s.apimachinery.pkg.apis.meta."
_API = "io.k8s.api."
_COMMENT = regex(r"(?:^|\s)#.*$")
_SHAPE = r"(?P<type>\S+)(?:\s+/(?P<pattern>.+)/)?"
_FIELD = regex(r"(?P<name>[^\s!]+)(?P<required>!?)\s+" + _SHAPE)
_ALIAS = regex(r"type (?P<name>\w+) = " + _SHAPE)


class NotationError(ValueError):
    """A `*.kinds` file does not follow the notation: a fault of the tool, never of its user."""


class Line(Struct, frozen=True):
    """One line that says something: its number in the file, its indentation, its text."""

    number: int
    indent: int
    text: str


class Block(Struct, frozen=True):
    """A header and the fields under it."""

    header: str
    lines: tuple[Line, ...]


def split_blocks(text: str) -> list[Block]:
    """The blocks of a file in their order; comments and empty lines are gone."""
    blocks: list[tuple[str, list[Line]]] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = _COMMENT.sub("", raw).rstrip()
        if not line:
            continue
        if not line.startswith(" "):
            blocks.append((line, []))
        elif not blocks:
            raise NotationError(f"line {number}: a field outside of a block")
        else:
            stripped = line.lstrip(" ")
            blocks[-1][1].append(Line(number, len(line) - len(stripped), stripped))
    return [Block(header, tuple(lines)) for header, lines in blocks]


class Compiler:
    """Compiles the blocks of one file, each named type once; results share parts, so do not mutate.

    `schema(group, version, kind)` is the only entry. Raises NotationError for a text that does not
    follow the notation, KeyError for a kind that the file does not hold.
    """

    def __init__(self, text: str) -> None:
        self._kinds: dict[tuple[str, str, str], Block] = {}
        self._types: dict[str, Block] = {}
        self._aliases: dict[str, re.Match[str]] = {}
        self._done: dict[str, Schema] = {}
        self._open: list[str] = []
        for block in split_blocks(text):
            self._index(block)

    def _index(self, block: Block) -> None:
        word, _, rest = block.header.partition(" ")
        if word == "kind":
            kind, group, *versions = rest.split()
            for version in versions:
                _set_once(self._kinds, (group, version, kind), block)
        elif alias := _ALIAS.fullmatch(block.header):
            _set_once(self._aliases, alias["name"], alias)
        elif word == "type" and rest.isidentifier():
            _set_once(self._types, rest, block)
        else:
            raise NotationError(f"unknown header {block.header!r}")

    def schema(self, group: str, version: str, kind: str) -> Schema:
        """The structural schema of a whole object of that kind."""
        body = self._fields(self._kinds[group, version, kind].lines)
        properties = {
            "apiVersion": _ATOMS["str"],
            "kind": _ATOMS["str"],
            "metadata": {REF: _META + "v1.ObjectMeta"},
            "status": _ATOMS["open"],
            **body["properties"],
        }
        required = ["apiVersion", "kind", "metadata", *body.get("required", ())]
        return {**body, "properties": properties, "required": required}

    def _fields(self, lines: tuple[Line, ...]) -> Schema:
        """The object schema for the fields `lines`, of which deeper ones belong to those above."""
        schema: Schema = {"type": "object", "properties": {}}
        required: list[str] = []
        position = 0
        while position < len(lines):
            line = lines[position]
            end = position + 1
            while end < len(lines) and lines[end].indent > line.indent:
                end += 1
            if end < len(lines) and lines[end].indent != line.indent:
                raise NotationError(f"line {lines[end].number}: indentation of no field above")
            self._field(line, lines[position + 1 : end], schema, required)
            position = end
        if required:
            schema["required"] = required
        return schema

    def _field(
        self, line: Line, inner: tuple[Line, ...], schema: Schema, required: list[str]
    ) -> None:
        if line.text == "...":
            schema[OPEN] = True
        elif line.text.startswith("..."):
            other = self._named(line.text[3:])
            schema["properties"].update(other["properties"])
            required.extend(other.get("required", ()))
            schema.update({OPEN: True} if OPEN in other else {})
        elif match := _FIELD.fullmatch(line.text):
            name = match["name"]
            if name in schema["properties"]:
                raise NotationError(f"line {line.number}: {name} stands there twice")
            if bool(inner) != ("obj" in re.findall(r"\w+", match["type"])):
                raise NotationError(f"line {line.number}: fields belong to obj, and only to obj")
            schema["properties"][name] = self._shape(match, inner)
            if match["required"]:
                required.append(name)
        else:
            raise NotationError(f"line {line.number}: not a field: {line.text!r}")

    def _shape(self, match: re.Match[str], inner: tuple[Line, ...] = ()) -> Schema:
        """The schema of a type with the pattern that may stand behind it."""
        base = self._type(match["type"], inner)
        return {**base, "pattern": match["pattern"]} if match["pattern"] else base

    def _type(self, word: str, inner: tuple[Line, ...] = ()) -> Schema:
        if word[-1] == "?":
            return {**self._type(word[:-1], inner), "nullable": True}
        if word[0] == "[" and word[-1] == "]":
            return {"type": "array", "items": self._type(word[1:-1], inner)}
        if word[0] == "{" and word[-1] == "}":
            return {"type": "object", "additionalProperties": self._type(word[1:-1], inner)}
        if word == "obj":
            return self._fields(inner)
        if "|" in word:
            return {"type": "string", "enum": [part for part in word.split("|") if part]}
        if word.startswith("k8s:meta."):
            return {REF: _META + word.removeprefix("k8s:meta.")}
        if word.startswith("k8s:"):
            return {REF: _API + word.removeprefix("k8s:")}
        return _ATOMS.get(word) or self._named(word)

    def _named(self, name: str) -> Schema:
        if name not in self._done:
            if name in self._open:
                raise NotationError(f"type {name} contains itself")
            self._open.append(name)
            self._done[name] = self._compiled(name)
            self._open.pop()
        return self._done[name]

    def _compiled(self, name: str) -> Schema:
        if name in self._aliases:
            return self._shape(self._aliases[name])
        if name not in self._types:
            raise NotationError(f"unknown type {name!r}")
        return self._fields(self._types[name].lines)


def _set_once(table: dict[Any, Any], key: object, value: object) -> None:
    if key in table:
        raise NotationError(f"{key} is defined twice")
    table[key] = value
