"""Searches with regular expressions, by RE2 as everywhere in CEL.

https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-regex-library
"""

from __future__ import annotations

import importlib
from functools import lru_cache
from typing import Any

from gitops_ci.cel.function import method


@lru_cache(256)
def _compiled(pattern: str) -> Any:
    """The pattern. Raises ValueError when RE2 does not take it."""
    library: Any = importlib.import_module("re2")  # it has no types
    options = library.Options()
    options.log_errors = False
    try:
        return library.compile(pattern, options)
    except library.error as error:
        message = f"Illegal regex: {error}"
        raise ValueError(message) from error


def _find(text: str, pattern: str) -> str:
    match = _compiled(pattern).search(text)
    return match[0] if match else ""


def _find_all(text: str, pattern: str, limit: int = -1) -> list[str]:
    found: list[str] = []
    for match in _compiled(pattern).finditer(text):
        if 0 <= limit <= len(found):
            break
        found.append(match[0])
    return found


FUNCTIONS = (
    method("string", "find", "string", "string", _find),
    method("string", "findAll", "string", "list<string>", _find_all),
    method("string", "findAll", "string int", "list<string>", _find_all),
)
