"""Ranges of semantic versions, in the notation that Helm, Flux and npm share.

`>=1.2 <2`, `^1.4`, `~1.4.2`, `1.4.x`, `*`, `1.2 - 1.4`, alternatives with `||`. Source of the
meanings: the README of Masterminds/semver, "Checking Version Constraints".
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from gitops_ci.model.regex import regex
from gitops_ci.promote.versions.semver import SemVer, parse_semver

_HYPHEN = regex(r"(\S+)\s+-\s+(\S+)")
_TERM = regex(r"(>=|=>|<=|=<|!=|>|<|=|\^|~>|~)?\s*([vV]?[0-9A-Za-z.*+_-]+)\s*,?\s*")
_WILD = frozenset({"x", "X", "*"})
_LONGEST = 500


class RangeError(ValueError):
    """The text is no range; the message says why."""


Test = Callable[[SemVer], bool]


class Range(Struct, frozen=True):
    """A set of versions: any of `alternatives`, each a list of tests that must all hold.
    Pre-releases belong to it only if the range itself names one."""

    alternatives: tuple[tuple[Test, ...], ...]
    prereleases: bool

    def contains(self, version: SemVer, *, prereleases: bool = False) -> bool:
        """Whether `version` lies in the range; `prereleases` admits them everywhere."""
        if version.prerelease and not (self.prereleases or prereleases):
            return False
        return any(all(test(version) for test in tests) for tests in self.alternatives)


def parse_range(text: str) -> Range:
    """The range that `text` spells. Raises RangeError."""
    if len(text) > _LONGEST:
        raise RangeError("the range is too long")
    alternatives: list[tuple[Test, ...]] = []
    prereleases = False
    for part in text.split("||"):
        tests: list[Test] = []
        for operator, word in _terms(part.strip()):
            bound, wild = _bound(word)
            prereleases = prereleases or bool(bound.prerelease)
            tests += _tests(operator, bound, wild)
        alternatives.append(tuple(tests))
    return Range(tuple(alternatives), prereleases)


def _terms(text: str) -> list[tuple[str, str]]:
    if not text:
        raise RangeError("the range is empty")
    text = _HYPHEN.sub(r">=\1 <=\2", text)
    terms, position = [], 0
    while position < len(text):
        found = _TERM.match(text, position)
        if found is None:
            raise RangeError(f"'{text[position : position + 20]}' is no version with a comparison")
        terms.append((found[1] or "", found[2]))
        position = found.end()
    return terms


def _bound(word: str) -> tuple[SemVer, bool]:
    """The version of a term, cut before the first wildcard, and whether there was one."""
    parts = word.split(".")
    wild = next((index for index, part in enumerate(parts) if part in _WILD), None)
    if wild == 0:
        return SemVer(()), True
    version = parse_semver(".".join(parts[:wild]))
    if version is None or version.variant:
        raise RangeError(f"'{word}' is no version")
    return version, wild is not None


def _tests(operator: str, bound: SemVer, wild: bool) -> list[Test]:  # noqa: FBT001 - private
    numbers = bound.numbers
    if operator in ("", "=") and not wild and len(numbers) >= 3:
        return [lambda version: version == bound]
    if operator == "!=":
        inside = _between(bound, _after(numbers, len(numbers) - 1))
        return [lambda version: not all(test(version) for test in inside)]
    if operator in ("", "="):
        return _between(bound, _after(numbers, len(numbers) - 1))
    if operator == "^":
        first = next((i for i, number in enumerate(numbers) if number), len(numbers) - 1)
        return _between(bound, _after(numbers, first))
    if operator in ("~", "~>"):
        return _between(bound, _after(numbers, min(len(numbers) - 1, 1)))
    return [_comparison(operator, bound, wild=wild)]


def _comparison(operator: str, bound: SemVer, *, wild: bool) -> Test:
    short = wild or len(bound.numbers) < 3
    ceiling = _after(bound.numbers, len(bound.numbers) - 1)
    if operator == ">":
        if short and ceiling is not None:
            return lambda version: version >= ceiling
        return lambda version: version > bound
    if operator in (">=", "=>"):
        return lambda version: version >= bound
    if operator == "<":
        return lambda version: version < bound
    if short and ceiling is not None:
        return lambda version: version < ceiling
    return lambda version: version <= bound


def _between(bound: SemVer, ceiling: SemVer | None) -> list[Test]:
    tests: list[Test] = [lambda version: version >= bound]
    if ceiling is not None:
        tests.append(lambda version: version.padded < ceiling.padded)
    return tests


def _after(numbers: tuple[int, ...], index: int) -> SemVer | None:
    """The first version behind all that share the numbers up to `index`; None behind `*`."""
    if not numbers or index < 0:
        return None
    return SemVer((*numbers[:index], numbers[index] + 1))
