"""`{{name}}` templates: an ApplicationSet without goTemplate. Unknown names stay as written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gitops_ci.model.regex import regex

_NAME = regex(r"\{\{\s*([^{}]*?)\s*\}\}")


def fill(text: str, parameters: Mapping[str, str]) -> str:
    """`text` with every `{{name}}` that is known replaced."""
    return _NAME.sub(lambda match: parameters.get(match[1], match[0]), text)


def flat(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Nested parameters by their dotted names, list items as `name[0]`; texts and scalars only."""
    found: dict[str, str] = {}
    stack: list[tuple[str, Any]] = [("", parameters)]
    while stack:
        name, value = stack.pop()
        if isinstance(value, Mapping):
            stack += [(f"{name}.{key}" if name else str(key), part) for key, part in value.items()]
        elif isinstance(value, list):
            stack += [(f"{name}[{index}]", part) for index, part in enumerate(value)]
        elif value is not None:
            found[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return found
