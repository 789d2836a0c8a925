"""A complete, annotated configuration: every key, what it means, and a value that works."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from gitops_ci.config.fields import FieldInfo, fields_of
from gitops_ci.config.keys import shown
from gitops_ci.config.model import Config
from gitops_ci.model.regex import regex

_HEAD = """\
# Every key of the configuration with a value that works. All of them are optional: what is not
# written has the default that the comment names.
"""
_PLAIN = regex(r"[A-Za-z][A-Za-z0-9_/-]*\Z|[0-9]+[smhd]\Z")
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))
_WIDTH = 100


def sample() -> str:
    """The YAML text."""
    return _HEAD + "".join(f"{line}\n" for line in _section(Config, 0))


def _section(section: type, depth: int) -> Iterator[str]:
    for info in fields_of(section):
        if depth == 0:
            yield ""
        yield from _comment(info, depth)
        yield from _entry(info, depth)


def _comment(info: FieldInfo, depth: int) -> Iterator[str]:
    words = info.setting.doc
    if info.setting.choices:
        words += f" One of {', '.join(info.setting.choices)}."
    default = shown(info, info.default)
    if default not in (None, [], {}, "") and info.section is None:
        words += f" Default: {scalar(default)}."
    yield from wrapped(words, "  " * depth + "# ")


def wrapped(words: str, prefix: str) -> Iterator[str]:
    """The words in lines that start with `prefix` and fit the width."""
    line = prefix.rstrip()
    for word in words.split():
        if len(line) + 1 + len(word) > _WIDTH:
            yield line
            line = prefix.rstrip()
        line += f" {word}"
    yield line


def _entry(info: FieldInfo, depth: int) -> Iterator[str]:
    indent = "  " * depth
    section = info.section
    if section is None:
        yield f"{indent}{info.yaml}: {scalar(_value(info))}"
    elif info.is_map:
        yield f"{indent}{info.yaml}:"
        *empty, last = info.setting.example
        yield from (f"{indent}  {name}: {{}}" for name in empty)
        yield f"{indent}  {last}:"
        yield from _section(section, depth + 2)
    elif info.is_list:
        yield f"{indent}{info.yaml}:"
        first, *rest = _section(section, depth + 2)
        comments = [first, *rest]
        start = next(i for i, line in enumerate(comments) if not line.lstrip().startswith("#"))
        yield from (line[2:] for line in comments[:start])
        yield f"{indent}  - {comments[start].lstrip()}"
        yield from comments[start + 1 :]
    else:
        yield f"{indent}{info.yaml}:"
        yield from _section(section, depth + 1)


def _value(info: FieldInfo) -> Any:
    example = info.setting.example
    return shown(info, info.default) if example is None else example


def scalar(value: Any) -> str:
    """A value as YAML in flow style; only words that no reader misunderstands go unquoted."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(scalar(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {scalar(item)}' for key, item in value.items())}}}"
    if isinstance(value, str) and _PLAIN.match(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
