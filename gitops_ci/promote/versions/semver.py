"""Semantic versions as tags carry them.

Precedence is that of semver.org, section 11. Tags are looser than the standard: a leading `v`, one
to four numbers, and suffixes that name a variant of the image (`1.25-alpine`) and no pre-release.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from gitops_ci.model.regex import regex

_TAG = regex(
    r"(?P<prefix>[vV]?)(?P<numbers>\d{1,15}(?:\.\d{1,15}){0,3})"
    r"(?:-(?P<rest>[0-9A-Za-z][0-9A-Za-z._-]*))?(?:[+_](?P<build>[0-9A-Za-z._-]+))?\Z",
    re.ASCII,
)
_PRERELEASE = regex(
    r"(?:alpha|beta|rc|pre|preview|dev|snapshot|nightly|canary|next|edge|test|m|a|b|c)[.-]?\d*"
    r"(?=\Z|[.-])|\d+(?=\Z|[.])",
    re.ASCII | re.IGNORECASE,
)
_LONGEST = 128


class SemVer(Struct, frozen=True, eq=False):
    """A version: `numbers` as written (one to four), `prerelease` its dotted identifiers, and
    `variant` the suffix that is part of the image's name rather than of its age."""

    numbers: tuple[int, ...]
    prerelease: tuple[str, ...] = ()
    variant: str = ""
    prefix: str = ""

    @property
    def padded(self) -> tuple[int, ...]:
        """The numbers, with zeros up to four."""
        return (*self.numbers, 0, 0, 0, 0)[:4]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SemVer) and _key(self) == _key(other)

    def __hash__(self) -> int:
        return hash(_key(self))

    def __lt__(self, other: SemVer) -> bool:
        return _key(self) < _key(other)

    def __le__(self, other: SemVer) -> bool:
        return _key(self) <= _key(other)

    def __gt__(self, other: SemVer) -> bool:
        return _key(self) > _key(other)

    def __ge__(self, other: SemVer) -> bool:
        return _key(self) >= _key(other)


@lru_cache(4096)
def parse_semver(tag: str) -> SemVer | None:
    """The version that `tag` spells, or None. A suffix counts as a pre-release when it reads like
    one (`rc.1`, `beta2`, `0.3`), else as a variant."""
    found = _TAG.match(tag) if len(tag) <= _LONGEST else None
    if found is None:
        return None
    numbers = tuple(int(part) for part in found["numbers"].split("."))
    rest = found["rest"] or ""
    prerelease, variant = "", rest
    mark = _PRERELEASE.match(rest)
    if mark:
        prerelease, _, variant = rest.partition("-")
    identifiers = tuple(prerelease.split(".")) if prerelease else ()
    return SemVer(numbers, identifiers, variant, found["prefix"])


_Key = tuple[tuple[int, ...], int, tuple[tuple[int, int, str], ...]]


def _key(version: SemVer) -> _Key:
    """A release comes after its pre-releases; numeric identifiers come before texts."""
    identifiers = tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part) for part in version.prerelease
    )
    return (version.padded, 0 if identifiers else 1, identifiers)


@lru_cache(4096)
def is_older(tag: str, other: str) -> bool | None:
    """Whether `tag` is an older version than `other`; None when they do not compare: one is no
    version, or they are variants of different images."""
    left, right = parse_semver(tag), parse_semver(other)
    if left is None or right is None or left.variant != right.variant:
        return None
    if _is_bare_number(left) or _is_bare_number(right):
        return left < right if len(left.numbers) == len(right.numbers) else None
    return left < right


def _is_bare_number(version: SemVer) -> bool:
    """A build number or a date compares only with its like."""
    return len(version.numbers) == 1
