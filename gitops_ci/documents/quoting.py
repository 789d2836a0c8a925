"""How a scalar is written so that every reader sees the same value."""

from __future__ import annotations

import json
import re

from gitops_ci.documents import scalars
from gitops_ci.model.regex import regex

_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`=<~ ")
_FLOW_SIGNS = frozenset(",[]{}")
_PRINTABLE = regex(r"[\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]+\Z")
_SPECIAL = regex(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

PLAIN, SINGLE, DOUBLE = "", "'", '"'


def is_plain_string(text: str, *, flow: bool = False) -> bool:
    """Whether `text` may stand without quotes and is a string for YAML 1.1, YAML 1.2 and go-yaml
    alike. `1e3`, `0o17`, `1.10`, `y` and `12:30` may not: some reader takes them for another type.
    """
    if not text or not _PRINTABLE.match(text) or text[-1] in " :":
        return False
    # a dash starts a list item only before a space, and a document only as three of them
    option = text[0] == "-" and text[1:2] not in ("", " ") and not text.startswith("---")
    if text[0] in _INDICATORS and not option:
        return False
    if ": " in text or " #" in text or (flow and not _FLOW_SIGNS.isdisjoint(text)):
        return False
    return isinstance(scalars.resolve_kubernetes(text), str) and not scalars.is_ambiguous(text)


def quoted(text: str, style: str, *, flow: bool = False) -> str:
    """`text` in `style` if that can carry it, else in double quotes."""
    if style == PLAIN and is_plain_string(text, flow=flow):
        return text
    if style == SINGLE and _PRINTABLE.match(text or " "):
        return "'" + text.replace("'", "''") + "'"
    return _SPECIAL.sub(_escape, json.dumps(text, ensure_ascii=False))


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def written(value: object, style: str = PLAIN, *, flow: bool = False) -> str:
    """The text of a scalar: strings as in `quoted`, other values as JSON writes them."""
    if isinstance(value, str):
        return quoted(value, style, flow=flow)
    return json.dumps(value)
