"""`${VAR}` expressions as the kustomize-controller substitutes them.

The forms are those of the library fluxcd/pkg/envsubst, a fork of drone/envsubst, whose unsupported
operators all act like a default. `$VAR` without braces is no variable; `$${` is a literal `${`."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping

from msgspec import Struct, field

from gitops_ci.model.regex import regex

_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = regex(r":[-=?+]|//|/#|/%|/|##|#|%%|%|\^\^|\^|,,|,|[-=?+:]")
_DEFAULTS = frozenset((":-", ":=", ":?", ":+", "-", "=", "?", "+"))
_MAX_DEPTH = 20
_MAX_LENGTH = 2**20


class SubstitutionError(Exception):
    """An expression that the controller refuses; the message says what is wrong with it."""


class Substitution(Struct):
    """Substitutes `variables`. `undefined` collects the names that had neither a value nor a
    default, `used` the names that had a value."""

    variables: Mapping[str, str]
    undefined: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)

    def apply(self, text: str) -> str:
        """`text` with every expression replaced. Raises SubstitutionError."""
        return self._apply(text, 0)

    def _apply(self, text: str, depth: int) -> str:
        if depth > _MAX_DEPTH:
            raise SubstitutionError("expressions are nested too deeply")
        parts: list[str] = []
        position = 0
        while (start := text.find("${", position)) != -1:
            if start > position and text[start - 1] == "$":
                parts.append(text[position : start - 1] + "${")
                position = start + 2
                continue
            parts.append(text[position:start])
            end = _closing(text, start + 2)
            parts.append(self._expression(text[start + 2 : end], depth))
            position = end + 1
        parts.append(text[position:])
        return "".join(parts)

    def _expression(self, inner: str, depth: int) -> str:
        if inner.startswith("#") and _NAME.fullmatch(inner[1:]):
            return str(len(self._value(inner[1:], silent=False)))
        match = _NAME.match(inner)
        if match is None:
            raise SubstitutionError(f"'${{{inner}}}' has no variable name")
        name, rest = match.group(), inner[match.end() :]
        if not rest:
            return self._value(name, silent=False)
        operator = _OPERATOR.match(rest)
        if operator is None:
            raise SubstitutionError(f"'${{{inner}}}' is not a substitution that Flux knows")
        sign, argument = operator.group(), rest[operator.end() :]
        value = self._value(name, silent=sign in _DEFAULTS)
        return self._operate(value, sign, self._apply(argument, depth + 1))

    def _value(self, name: str, *, silent: bool) -> str:
        if name in self.variables:
            self.used.add(name)
            return self.variables[name]
        if not silent:
            self.undefined.add(name)
        return ""

    def _operate(self, value: str, sign: str, argument: str) -> str:
        if sign in _DEFAULTS:
            return value or argument
        if sign in _CASES:
            return _CASES[sign](value)
        if sign in ("#", "##", "%", "%%"):
            return _trimmed(value, argument, sign)
        if sign == ":":
            return _substring(value, argument)
        old, _, new = argument.partition("/")
        return _replaced(value, sign, old, new)


_CASES: dict[str, Callable[[str], str]] = {
    "^": lambda value: value[:1].upper() + value[1:],
    "^^": str.upper,
    ",": lambda value: value[:1].lower() + value[1:],
    ",,": str.lower,
}


def _closing(text: str, position: int) -> int:
    """Where the expression that begins at `position` ends; expressions may be nested."""
    depth = 1
    while position < len(text):
        if text.startswith("${", position):
            depth += 1
            position += 2
            continue
        if text[position] == "}":
            depth -= 1
            if depth == 0:
                return position
        elif text[position] == "\n" and depth == 1:
            break
        position += 1
    raise SubstitutionError("a '${' has no closing brace")


def _trimmed(value: str, pattern: str, sign: str) -> str:
    """`value` without its shortest or longest (sign doubled) beginning or end that matches."""
    front = sign[0] == "#"
    cuts = range(len(value) + 1)
    order = cuts if (len(sign) == 1) == front else reversed(cuts)
    for cut in order:
        piece, rest = (value[:cut], value[cut:]) if front else (value[cut:], value[:cut])
        if fnmatch.fnmatchcase(piece, pattern):
            return rest
    return value


def _substring(value: str, argument: str) -> str:
    first, _, second = argument.partition(":")
    try:
        start = int(first)
        length = int(second) if second else None
    except ValueError:
        raise SubstitutionError(f"'{argument}' is not a position") from None
    start = min(max(start + len(value), 0) if start < 0 else start, len(value))
    return value[start:] if length is None else value[start : start + max(length, 0)]


def _replaced(value: str, sign: str, old: str, new: str) -> str:
    if value.count(old) * len(new) > _MAX_LENGTH:
        raise SubstitutionError("the result is too long")
    if sign == "//":
        return value.replace(old, new) if old else value
    if sign == "/":
        return value.replace(old, new, 1) if old else value
    if sign == "/#":
        return new + value[len(old) :] if value.startswith(old) else value
    return value[: len(value) - len(old)] + new if old and value.endswith(old) else value
