"""Which values of a file SOPS encrypts: by the ends of keys or by expressions over them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct

from gitops_ci.model.regex import regex

DEFAULT_SUFFIX = "_unencrypted"
_FIELDS = ("unencrypted_suffix", "encrypted_suffix", "unencrypted_regex", "encrypted_regex")
_ONLY_PYTHON = regex(r"\(\?(?:[=!]|<[=!])")
"""What looks around; Go has no such thing."""
_ONLY_GO = regex(r"\\[pPQCx]|\(\?[a-z]*U")
_CLASSES = {
    "alpha": "A-Za-z",
    "digit": "0-9",
    "alnum": "A-Za-z0-9",
    "lower": "a-z",
    "upper": "A-Z",
    "word": r"\w",
    "space": r"\s",
    "xdigit": "0-9A-Fa-f",
    "punct": r"!-/:-@\[-`{-~",
}
_CLASS = regex(rf"\[:({'|'.join(_CLASSES)}):\]")
_BY_COMMENT = ("encrypted_comment_regex", "unencrypted_comment_regex")


class Selection(Struct, frozen=True):
    """At most one of the four is set; none of them means that everything is encrypted.
    `by_comment` files are selected by comments, which cannot be checked from values."""

    unencrypted_suffix: str = ""
    encrypted_suffix: str = ""
    unencrypted_regex: str = ""
    encrypted_regex: str = ""
    by_comment: bool = False

    def covers(self, keys: Iterable[str]) -> bool:
        """Whether the value that the keys lead to is encrypted; list indices are no keys."""
        names = tuple(keys)
        covered = True
        if self.unencrypted_suffix:
            covered = not any(name.endswith(self.unencrypted_suffix) for name in names)
        if self.encrypted_suffix:
            covered = any(name.endswith(self.encrypted_suffix) for name in names)
        if self.unencrypted_regex and _matches(self.unencrypted_regex, names):
            covered = False
        if self.encrypted_regex:
            covered = _matches(self.encrypted_regex, names)
        return covered


def selection_of(fields: Mapping[str, Any]) -> Selection:
    """The selection that the metadata of a file, or a creation rule, states; else SOPS' default."""
    stated = {name: str(fields[name]) for name in _FIELDS if fields.get(name)}
    if any(fields.get(name) for name in _BY_COMMENT):
        return Selection(by_comment=True)
    if not stated:
        return Selection(unencrypted_suffix=DEFAULT_SUFFIX)
    return Selection(
        stated.get("unencrypted_suffix", ""),
        stated.get("encrypted_suffix", ""),
        stated.get("unencrypted_regex", ""),
        stated.get("encrypted_regex", ""),
    )


def _matches(expression: str, names: tuple[str, ...]) -> bool:
    pattern = compiled(expression)
    return pattern is None or any(pattern.search(name) for name in names)


@lru_cache(64)
def compiled(expression: str) -> re.Pattern[str] | None:
    """The expression, None when it is none. Go's syntax and Python's agree on what is used here,
    but for the end of the text and for classes with names."""
    text = expression[:1000].replace("\\z", "\\Z")
    try:
        return re.compile(_CLASS.sub(lambda match: _CLASSES[match[1]], text))
    except re.error:
        return None


def is_expression(text: str) -> bool:
    """Whether Go takes the expression (github.com/google/re2/wiki/Syntax), as far as that is sure:
    what only Go knows is taken for one."""
    if _ONLY_PYTHON.search(text):
        return False
    return compiled(text) is not None or bool(_ONLY_GO.search(text))
