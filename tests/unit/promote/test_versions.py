"""Order among tags, ranges, and the choice of the newest."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.promote.versions.policy import Order, PolicyError, VersionPolicy, ranked
from gitops_ci.promote.versions.ranges import RangeError, parse_range
from gitops_ci.promote.versions.semver import is_older, parse_semver

PRECEDENCE = (
    "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
    "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.10.0", "2.0.0",
)  # fmt: skip
"""The example of semver.org, section 11, and a little more."""


def test_precedence_is_that_of_the_standard() -> None:
    versions = [parse_semver(tag) for tag in PRECEDENCE]
    assert all(version is not None for version in versions)
    assert all(is_older(a, b) for a, b in pairwise(PRECEDENCE))


@pytest.mark.parametrize(
    ("tag", "other", "older"),
    [
        ("1.9", "1.10", True),
        ("v1.2.3", "1.2.4", True),
        ("1.25-alpine", "1.26-alpine", True),
        ("1.25-alpine", "1.26", None),
        ("latest", "1.0.0", None),
        ("72044e0", "9f1b2c3", None),
        ("20240101", "20250101", True),
        ("20240101", "1.2.3", None),
        ("1.2.3", "1.2.3", False),
        ("2.0.0", "1.9.9", False),
        ("1.2.3-rc1", "1.2.3", True),
    ],
)
def test_what_is_older(tag: str, other: str, older: bool | None) -> None:
    assert is_older(tag, other) is older


@given(st.text(max_size=200))
def test_any_text_is_a_version_or_none(text: str) -> None:
    version = parse_semver(text)
    assert version is None or version == version


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        (">=1.2 <2", ["1.2.0", "1.9.9"], ["1.1.9", "2.0.0", "1.5.0-rc.1"]),
        ("^1.4", ["1.4.0", "1.99.0"], ["1.3.9", "2.0.0"]),
        ("^0.2.3", ["0.2.3", "0.2.9"], ["0.3.0", "0.2.2"]),
        ("^0.0.3", ["0.0.3"], ["0.0.4"]),
        ("~1.4.2", ["1.4.2", "1.4.9"], ["1.5.0", "1.4.1"]),
        ("~1", ["1.0.0", "1.9.0"], ["2.0.0"]),
        ("1.4.x", ["1.4.0", "1.4.9"], ["1.5.0"]),
        ("1.4", ["1.4.0", "1.4.9"], ["1.5.0"]),
        ("*", ["0.0.1", "9.9.9"], ["1.0.0-rc.1"]),
        ("1.2 - 1.4.5", ["1.2.0", "1.4.5"], ["1.4.6", "1.1.0"]),
        ("<1 || >=3", ["0.9.0", "3.0.0"], ["1.0.0", "2.9.9"]),
        ("=1.2.3", ["1.2.3"], ["1.2.4"]),
        ("!=1.2.3", ["1.2.4"], ["1.2.3"]),
        (">1.2", ["1.3.0"], ["1.2.9"]),
        ("<=1.2", ["1.2.9"], ["1.3.0"]),
        (">=1.2.0-0 <2", ["1.5.0-rc.1"], ["2.0.0"]),
        (">=1.2, <1.4", ["1.3.0"], ["1.4.0"]),
        ("v1.2.3", ["1.2.3"], ["1.2.2"]),
    ],
)
def test_ranges(text: str, inside: list[str], outside: list[str]) -> None:
    made = parse_range(text)
    for tag in inside + outside:
        version = parse_semver(tag)
        assert version is not None
        assert made.contains(version) is (tag in inside), tag


@pytest.mark.parametrize("text", ["", "||", "newest", ">=", "1.2 &", "^x1", "1" * 501, ">=1 @"])
def test_what_is_no_range(text: str) -> None:
    with pytest.raises(RangeError):
        parse_range(text)


TAGS = (
    "1.0.0",
    "1.1.0",
    "1.2.0-rc.1",
    "2.0.0",
    "v3.0.0",
    "1.3",
    "1.2.0-alpine",
    "latest",
    "main-7",
)


@pytest.mark.parametrize(
    ("policy", "current", "newest"),
    [
        (VersionPolicy(), "1.0.0", "2.0.0"),
        (VersionPolicy(), "2.0.0", ""),
        (VersionPolicy(), "v2.0.0", "v3.0.0"),
        (VersionPolicy(), "1.1.0-alpine", "1.2.0-alpine"),
        (VersionPolicy(), "1.2", "1.3"),
        (VersionPolicy(range="^1"), "1.0.0", "1.1.0"),
        (VersionPolicy(range="^1", prereleases=True), "1.0.0", "1.2.0-rc.1"),
        (VersionPolicy(range="^1"), "1.2.0-rc.0", "1.2.0-rc.1"),
        (VersionPolicy(pattern=r"^v?(\d.*)$", extract="$1"), "1.0.0", "v3.0.0"),
    ],
)  # fmt: skip
def test_the_newest_semantic_version(policy: VersionPolicy, current: str, newest: str) -> None:
    assert next(iter(ranked(policy, current, TAGS)), "") == newest


def test_numbers_and_letters_count_as_the_policy_says() -> None:
    builds = ("main-7-aa", "main-30-bb", "main-9-cc", "dev-99-dd")
    by_number = VersionPolicy(
        Order.NUMERICAL, pattern=r"^main-(?<build>\d+)-[a-f0-9]+$", extract="$build"
    )
    assert ranked(by_number, "main-7-aa", builds) == ("main-30-bb", "main-9-cc")
    by_letter = VersionPolicy(Order.ALPHABETICAL, pattern="^RELEASE.*")
    tags = ("RELEASE.2024-01-01", "RELEASE.2025-01-01", "latest")
    assert ranked(by_letter, "RELEASE.2024-01-01", tags) == ("RELEASE.2025-01-01",)
    assert ranked(VersionPolicy(Order.NEWEST_BUILD, pattern="^main"), "main-7-aa", builds) == (
        "main-30-bb",
        "main-7-aa",
        "main-9-cc",
    )


@pytest.mark.parametrize(
    ("policy", "current"),
    [
        (VersionPolicy(), "latest"),
        (VersionPolicy(range="newest"), "1.0.0"),
        (VersionPolicy(pattern="("), "1.0.0"),
        (VersionPolicy(pattern="x" * 301), "1.0.0"),
        (VersionPolicy(pattern="^(1)", extract="$7"), "1.0.0"),
        (VersionPolicy(Order.NUMERICAL, pattern="^main"), "1.0.0"),
        (VersionPolicy(Order.NUMERICAL, pattern="^main"), "main-7"),
    ],
)
def test_a_policy_that_cannot_be_followed_says_why(policy: VersionPolicy, current: str) -> None:
    with pytest.raises(PolicyError):
        ranked(policy, current, TAGS)


@given(st.lists(st.text("0123456789.v-rcab", max_size=12), max_size=20), st.sampled_from(TAGS[:5]))
def test_what_is_offered_is_always_newer(tags: list[str], current: str) -> None:
    assert all(is_older(current, tag) for tag in ranked(VersionPolicy(), current, tags))
