from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.diff.model import ABSENT
from gitops_ci.diff.values import differences

CASES: dict[str, tuple[Any, Any, list[tuple[str, Any, Any]]]] = {
    "nothing": ({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}, []),
    "the order of keys": ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
    "a value": ({"a": {"b": 1}}, {"a": {"b": 2}}, [("a.b", 1, 2)]),
    "a key comes": ({}, {"a": 1}, [("a", ABSENT, 1)]),
    "a key goes": ({"a": None}, {}, [("a", None, ABSENT)]),
    "null is a value": ({"a": None}, {"a": 1}, [("a", None, 1)]),
    "true is not 1": ({"a": True}, {"a": 1}, [("a", True, 1)]),
    "1 is not 1.0": ({"a": 1}, {"a": 1.0}, [("a", 1, 1.0)]),
    "an odd key": ({}, {"a.b/c": 1}, [('["a.b/c"]', ABSENT, 1)]),
    "another type": ({"a": [1]}, {"a": {"b": 1}}, [("a", [1], {"b": 1})]),
    "an item is put before named ones": (
        {"c": [{"name": "web", "image": "w:1"}]},
        {"c": [{"name": "init", "image": "i:1"}, {"name": "web", "image": "w:2"}]},
        [
            ("c[init]", ABSENT, {"name": "init", "image": "i:1"}),
            ("c[web].image", "w:1", "w:2"),
        ],
    ),
    "named items change places": (
        {"c": [{"name": "a"}, {"name": "b"}]},
        {"c": [{"name": "b"}, {"name": "a"}]},
        [("c (order)", ["a", "b"], ["b", "a"])],
    ),
    "ports without names": (
        {"p": [{"containerPort": 80}]},
        {"p": [{"containerPort": 80, "protocol": "TCP"}]},
        [("p[80].protocol", ABSENT, "TCP")],
    ),
    "a name that stands twice tells nothing apart": (
        {"c": [{"name": "a", "x": 1}, {"name": "a", "x": 2}]},
        {"c": [{"name": "a", "x": 1}, {"name": "a", "x": 3}]},
        [("c[1].x", 2, 3)],
    ),
    "an item in the middle of a list": (
        {"args": ["a", "b", "c"]},
        {"args": ["a", "x", "b", "c"]},
        [("args[1]", ABSENT, "x")],
    ),
    "an item goes": ({"args": ["a", "b"]}, {"args": ["b"]}, [("args[0]", "a", ABSENT)]),
}


@pytest.mark.parametrize("case", CASES)
def test_case(case: str) -> None:
    before, after, expected = CASES[case]
    assert [(one.path, one.before, one.after) for one in differences(before, after)] == expected


def test_routes_lead_to_the_values_on_their_own_side() -> None:
    before = {"c": [{"name": "web", "image": "w:1"}]}
    after = {"c": [{"name": "init"}, {"name": "web", "image": "w:2"}]}
    (_, changed) = differences(before, after)
    assert changed.old_route == ("c", 0, "image")
    assert changed.new_route == ("c", 1, "image")


_values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["a", "b", "x\ny"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["name", "a", "b", "c.d"]), inner, max_size=4)
    ),
    max_leaves=12,
)


def _at(value: Any, route: tuple[str | int, ...]) -> Any:
    for step in route:
        value = value[step]
    return value


@given(_values, _values)
def test_every_difference_is_one_and_equal_values_have_none(before: Any, after: Any) -> None:
    found = list(differences(before, after))
    assert bool(found) == (repr_typed(before) != repr_typed(after))
    for pair in found:
        if pair.before is not ABSENT and not pair.path.endswith("(order)"):
            assert _at(before, pair.old_route) == pair.before
        if pair.after is not ABSENT and not pair.path.endswith("(order)"):
            assert _at(after, pair.new_route) == pair.after


def repr_typed(value: Any) -> str:
    """Equal for equal values only, whatever the order of keys."""
    if isinstance(value, dict):
        return repr({key: repr_typed(value[key]) for key in sorted(value)})
    if isinstance(value, list):
        return repr([repr_typed(item) for item in value])
    return repr(value)
