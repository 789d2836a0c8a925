"""Invented credentials, made when a test runs, so that no file of the repository holds one.

A text may hold markers `{{fake:KIND ARGUMENT… | FILTER | …}}`; `fill` replaces each by a value that
depends on nothing but the marker and the seed, so that the same marker gives the same value
everywhere in one text. Markers nest. A value of several lines continues in the column of its
marker. The kinds stand in `fake_kinds.KINDS`, the filters in `FILTERS`.
"""

from __future__ import annotations

import base64
import gzip
import json
import random
import re
import urllib.parse
from collections.abc import Callable

from tests.support.fake_kinds import KINDS

_MARKER = re.compile(r"\{\{fake:([^{}]*)\}\}")


def _gzip(text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def _wrapped(text: str) -> str:
    return "\n".join(text[start : start + 76] for start in range(0, len(text), 76))


FILTERS: dict[str, Callable[[str], str]] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "hex": lambda text: text.encode().hex(),
    "gzip": _gzip,
    "url": lambda text: urllib.parse.quote(text, safe=""),
    "json": lambda text: json.dumps(text)[1:-1],
    "wrap": _wrapped,
    "lines": lambda text: text + "\n",
    "lower": str.lower,
    "half": lambda text: text[: len(text) // 2],
}
"""How a value is written down: `gzip` gives the base64 of the compressed text."""


def fill(text: str, seed: str) -> str:
    """`text` with a value in place of every marker. Raises KeyError for an unknown kind."""
    while (found := _MARKER.search(text)) is not None:
        column = found.start() - text.rfind("\n", 0, found.start()) - 1
        value = _value(found[1], seed).replace("\n", "\n" + " " * column)
        text = text[: found.start()] + value + text[found.end() :]
    return text


def _value(recipe: str, seed: str) -> str:
    head, *filters = (part.strip() for part in recipe.split(" | "))
    kind, _, rest = head.partition(" ")
    maker = KINDS[kind]
    value = maker(random.Random(f"{seed}\n{head}"), rest)
    for name in filters:
        value = FILTERS[name](value)
    return value
