"""Which of a repository's tags is the one to go to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum

from msgspec import Struct

from gitops_ci.promote.versions.ranges import Range, parse_range
from gitops_ci.promote.versions.semver import SemVer, parse_semver

_LONGEST_PATTERN = 300


class Order(Enum):
    """By what the newest tag is known."""

    SEMVER = "semver"
    ALPHABETICAL = "alphabetical"
    NUMERICAL = "numerical"
    NEWEST_BUILD = "newest-build"
    """By the time that the image itself states; tags alone cannot tell."""


class PolicyError(ValueError):
    """The policy cannot be followed; the message says why."""


class VersionPolicy(Struct, frozen=True):
    """How the newest version of an image is found.

    Only tags that match the regular expression `pattern` count; `extract` (such as `$1` or
    `$build`) says what of them is compared. `range` narrows semantic versions, `prereleases`
    admits them, `minimum_age` (seconds) is how old an image has to be.
    """

    order: Order = Order.SEMVER
    range: str = ""
    pattern: str = ""
    extract: str = ""
    prereleases: bool = False
    minimum_age: float = 0.0


def ranked(policy: VersionPolicy, current: str, tags: Iterable[str]) -> tuple[str, ...]:
    """The tags that are newer than `current`, the newest first.

    Semantic versions keep the form of `current`: the same leading `v`, as many numbers, the same
    variant (`-alpine`), unless the policy has a pattern. Under NEWEST_BUILD all that match are
    candidates, `current` among them, in the order of their names. Raises PolicyError.
    """
    keys = _keys(policy, tags)
    if policy.order is Order.SEMVER:
        return _by_semver(policy, current, keys)
    if policy.order is Order.NEWEST_BUILD:
        return tuple(sorted(keys))
    return _by_key(policy.order, current, keys)


def _keys(policy: VersionPolicy, tags: Iterable[str]) -> dict[str, str]:
    """For each tag that matches the pattern what of it is compared: the whole of it, or the group
    that `extract` names."""
    if not policy.pattern:
        return {tag: tag for tag in tags}
    pattern = _compiled(policy.pattern)
    found = ((tag, pattern.search(tag)) for tag in tags)
    return {tag: _extracted(match, policy.extract) for tag, match in found if match}


def _compiled(pattern: str) -> re.Pattern[str]:
    if len(pattern) > _LONGEST_PATTERN:
        raise PolicyError(f"the pattern is longer than {_LONGEST_PATTERN} characters")
    try:
        return re.compile(re.sub(r"\(\?<(?=[A-Za-z_])", "(?P<", pattern), re.ASCII)
    except re.error as error:
        raise PolicyError(f"the pattern is no regular expression: {error}") from error


def _extracted(match: re.Match[str], extract: str) -> str:
    name = extract.removeprefix("$").strip("{}")
    if not name:
        return match.string
    try:
        return match[int(name)] if name.isdecimal() else match[name]
    except (IndexError, TypeError) as error:
        raise PolicyError(f"the pattern has no group {extract}") from error


def _by_semver(policy: VersionPolicy, current: str, keys: dict[str, str]) -> tuple[str, ...]:
    inside: Range | None = None
    if policy.range:
        try:
            inside = parse_range(policy.range)
        except ValueError as error:
            raise PolicyError(str(error)) from error
    now = parse_semver(_keys(policy, (current,)).get(current, current))
    if now is None:
        raise PolicyError(f"'{current}' is no semantic version, so nothing is newer than it")
    found: list[tuple[SemVer, str]] = []
    for tag, key in keys.items():
        version = parse_semver(key or "")
        if (
            version is None
            or not now < version
            or (not policy.pattern and not _alike(now, version))
        ):
            continue
        admitted = policy.prereleases or bool(now.prerelease)
        if inside and not inside.contains(version, prereleases=admitted):
            continue
        if version.prerelease and not (admitted or (inside and inside.prereleases)):
            continue
        found.append((version, tag))
    return tuple(tag for _, tag in sorted(found, key=lambda pair: pair, reverse=True))


def _alike(current: SemVer, other: SemVer) -> bool:
    """Whether both tags belong to one series of versions of one image."""
    return (
        len(current.numbers) == len(other.numbers)
        and current.variant == other.variant
        and current.prefix == other.prefix
    )


def _by_key(order: Order, current: str, keys: dict[str, str]) -> tuple[str, ...]:
    if current not in keys:
        raise PolicyError(f"'{current}' does not match the policy, so nothing is newer than it")
    if order is Order.ALPHABETICAL:
        newer = [tag for tag in keys if keys[tag] > keys[current]]
        return tuple(sorted(newer, key=lambda tag: (keys[tag], tag), reverse=True))
    numbers = {tag: _number(key) for tag, key in keys.items()}
    now = numbers[current]
    if now is None:
        raise PolicyError(f"'{keys[current]}' of '{current}' is no number")
    ahead = [
        (number, tag) for tag, number in numbers.items() if number is not None and number > now
    ]
    return tuple(tag for _, tag in sorted(ahead, reverse=True))


def _number(text: str) -> float | None:
    try:
        return float(text) if len(text) <= 40 and re.fullmatch(r"\d+(?:\.\d+)?", text) else None
    except ValueError:
        return None
