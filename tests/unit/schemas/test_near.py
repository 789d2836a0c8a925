"""Near misses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.schemas.near import distance, near, nearest

KINDS = ("Deployment", "DaemonSet", "StatefulSet", "Pod", "Job", "CronJob", "ConfigMap")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Deploymnt", ("Deployment",)),
        ("deployment", ("Deployment",)),
        ("Dpeloyment", ("Deployment",)),
        ("Pdo", ("Pod",)),
        ("Po", ()),
        ("X", ()),
        ("Wombat", ()),
        ("", ()),
        ("Deployment", ()),
        ("Jod", ("Job", "Pod")),
    ],
)
def test_near(word: str, expected: tuple[str, ...]) -> None:
    assert near(word, KINDS) == expected


def test_nearest_is_silent_when_two_are_equally_near() -> None:
    assert nearest("Jod", KINDS) == ""
    assert nearest("Deploymnt", KINDS) == "Deployment"


def test_the_number_of_letters_can_be_limited() -> None:
    assert near("GitRepositry", ("GitRepository",), most=1) == ("GitRepository",)
    assert near("GtRepositry", ("GitRepository",), most=1) == ()


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_distance_is_symmetric_and_zero_for_the_same_word(left: str, right: str) -> None:
    assert distance(left, right, 9) == distance(right, left, 9)
    assert (distance(left, right, 9) == 0) == (left == right)


@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.integers(0, 4))
def test_the_limit_only_cuts_off(left: str, right: str, limit: int) -> None:
    exact = distance(left, right, 99)
    assert distance(left, right, limit) == min(exact, limit + 1)
