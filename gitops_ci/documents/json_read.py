"""JSON files: one value, or several one after the other."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from gitops_ci.documents import rules
from gitops_ci.documents.document import Document, SourceFile
from gitops_ci.documents.text import Lines
from gitops_ci.documents.values import Value
from gitops_ci.model.finding import found
from gitops_ci.model.span import Location


class _Pairs(dict[str, Value]):
    """A JSON object that remembers which keys came twice."""

    twice: list[str]


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Value]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    marked = _Pairs(plain)
    counts = Counter(key for key, _ in pairs)
    marked.twice = sorted(key for key, count in counts.items() if count > 1)
    return marked


def read_json(path: str, data: bytes, text: str) -> SourceFile:
    """The documents of a JSON file; a key that comes twice is a finding, as in YAML."""
    decoder = json.JSONDecoder(object_pairs_hook=_pairs)
    documents: list[Document] = []
    lines = Lines(text)
    position = _skip(text, 0)
    try:
        while position < len(text):
            value, end = decoder.raw_decode(text, position)
            if value is not None:
                line = lines.span(position, position).line
                documents.append(Document(len(documents), value, line))
            position = _skip(text, end)
    except json.JSONDecodeError as error:
        location = Location(path, lines.span(error.pos, error.pos))
        problem = found(rules.SYNTAX, error.msg[:1].lower() + error.msg[1:], location)
        return SourceFile(path, data, tuple(documents), (problem,), broken=True)
    except RecursionError:
        problem = found(rules.TOO_DEEP, "values are nested too deeply to be read", Location(path))
        return SourceFile(path, data, tuple(documents), (problem,), broken=True)
    source = SourceFile(path, data, tuple(documents))
    return _with_duplicates(source)


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t\r\n":
        position += 1
    return position


def _with_duplicates(source: SourceFile) -> SourceFile:
    from gitops_ci.documents.locate import locate

    problems = []
    for document in source.documents:
        for route, keys in _twice(document.value):
            for key in keys:
                place = locate(source, document.index, (*route, key), part="key").location
                message = f"key '{key}' is defined more than once"
                problems.append(found(rules.DUPLICATE_KEY, message, place, key=key))
    if not problems:
        return source
    return SourceFile(source.path, source.data, source.documents, tuple(problems))


def _twice(root: Value) -> list[tuple[tuple[str | int, ...], list[str]]]:
    result = []
    stack: list[tuple[tuple[str | int, ...], Value]] = [((), root)]
    while stack:
        route, value = stack.pop()
        if isinstance(value, _Pairs):
            result.append((route, value.twice))
        if isinstance(value, dict):
            stack.extend(((*route, key), item) for key, item in value.items())
        elif isinstance(value, list):
            stack.extend(((*route, index), item) for index, item in enumerate(value))
    return result
