"""Semantic versions.

https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-semver-library
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from gitops_ci.cel.function import content_of, method, opaque, plain
from gitops_ci.model.regex import regex

TYPE = "kubernetes.Semver"
_NUMBER = r"(0|[1-9]\d*)"
_WORD = r"(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)"
_FORM = regex(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-({_WORD}(?:\.{_WORD})*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?",
    re.ASCII,
)
_LARGEST = 2**64 - 1
_LONGEST = 256


def semver(text: str, normalize: bool = False) -> Mapping[str, str]:  # noqa: FBT001, FBT002 - of CEL
    """The version that the text states; `normalize` allows a `v` in front, missing parts and
    leading zeros. Raises ValueError."""
    match = _FORM.fullmatch(_normalized(text) if normalize else text)
    if match is None or len(text) > _LONGEST or any(int(match[i]) > _LARGEST for i in (1, 2, 3)):
        message = f"not a semantic version: {text!r}"
        raise ValueError(message)
    major, minor, patch, pre, _ = match.groups(default="")
    return opaque(TYPE, major=major, minor=minor, patch=patch, pre=pre)


def _normalized(text: str) -> str:
    text = text.removeprefix("v")
    size = next((at for at, letter in enumerate(text) if letter in "-+"), len(text))
    parts = [part.lstrip("0") or "0" if part else part for part in text[:size].split(".")]
    parts += ["0"] * (3 - len(parts))
    return ".".join(parts) + text[size:]


def _is(text: str, normalize: bool = False) -> bool:  # noqa: FBT001, FBT002 - of CEL
    try:
        semver(text, normalize)
    except ValueError:
        return False
    return True


def _number(value: object, part: str) -> int:
    return int(content_of(value, TYPE)[part])


def _rank(value: object) -> tuple[object, ...]:
    content = content_of(value, TYPE)
    numbers = tuple(int(content[part]) for part in ("major", "minor", "patch"))
    words = content["pre"].split(".") if content["pre"] else []
    ranked = tuple((0, int(word), "") if word.isdigit() else (1, 0, word) for word in words)
    return (*numbers, not words, ranked)


def _compare(left: object, right: object) -> int:
    a, b = _rank(left), _rank(right)
    return (a > b) - (a < b)


FUNCTIONS = (
    plain("semver", "string", TYPE, semver),
    plain("semver", "string bool", TYPE, semver),
    plain("isSemver", "string", "bool", _is),
    plain("isSemver", "string bool", "bool", _is),
    method(TYPE, "major", "", "int", lambda v: _number(v, "major")),
    method(TYPE, "minor", "", "int", lambda v: _number(v, "minor")),
    method(TYPE, "patch", "", "int", lambda v: _number(v, "patch")),
    method(TYPE, "isLessThan", TYPE, "bool", lambda a, b: _compare(a, b) < 0),
    method(TYPE, "isGreaterThan", TYPE, "bool", lambda a, b: _compare(a, b) > 0),
    method(TYPE, "compareTo", TYPE, "int", _compare),
)
