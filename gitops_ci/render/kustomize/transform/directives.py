"""The `$patch` words of a strategic merge patch."""

from __future__ import annotations

from typing import Any

from gitops_ci.render.kustomize.failure import MismatchError
from gitops_ci.render.kustomize.values import Value

DIRECTIVE = "$patch"
_WORDS = ("delete", "replace", "merge")


def directive(patch: dict[str, Any]) -> str:
    """The `$patch` word of a mapping, empty without one. Raises MismatchError for another word."""
    word = patch.get(DIRECTIVE, "")
    if word is None or word == "":
        return ""
    if word not in _WORDS:
        raise MismatchError(f"'{word}' is not one of delete, replace and merge")
    return str(word)


def list_directive(patch: list[Value]) -> tuple[str, list[Value]]:
    """The word of the item that holds nothing but `$patch`, and the items without it."""
    first = next((item for item in patch if isinstance(item, dict) and DIRECTIVE in item), None)
    if first is None or len(first) > 1:
        return "", patch
    word = directive(first)
    if not word:
        return "", patch
    return word, [i for i in patch if not (isinstance(i, dict) and i.get(DIRECTIVE) == word)]
