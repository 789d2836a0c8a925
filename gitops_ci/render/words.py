"""Words for values and types in messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_ARTICLES = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}
_MOST_OPTIONS = 12


def quoted(name: object) -> str:
    """A name in the quotes that messages use."""
    return f"'{name}'"


def article(types: Iterable[str]) -> str:
    """JSON types as words: `an integer or a string`."""
    return " or ".join(_ARTICLES.get(kind, kind) for kind in types) or "of another type"


def kind_of(value: Any) -> str:
    """What a value is: `a string`, `empty (null)`."""
    if value is None:
        return "empty (null)"
    if isinstance(value, bool):
        return "true" if value else "false"
    names = {
        str: "a string",
        int: "an integer",
        float: "a number",
        list: "a list",
        dict: "a mapping",
    }
    return next((name for kind, name in names.items() if isinstance(value, kind)), "a value")


def listed(options: Iterable[object], *, plain: bool = False) -> str:
    """`'a', 'b' or 'c'`; a long list is cut."""
    words = [str(option) if plain else quoted(option) for option in options]
    if len(words) > _MOST_OPTIONS:
        return ", ".join(words[:_MOST_OPTIONS]) + f" or one of {len(words) - _MOST_OPTIONS} more"
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + f" or {words[-1]}"


def scalar_text(value: float) -> str:
    """How a number or boolean is usually written; empty when there is more than one way."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else ""
