"""Null fields."""

from __future__ import annotations

from typing import Any

import pytest

from gitops_ci.validate.nulls import without_nulls


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": None, "b": 1}, {"b": 1}),
        ({"a": {"b": None}}, {"a": {}}),
        ([None, {"a": None}], [None, {}]),
        ({"a": [[{"b": None, "c": 0}]]}, {"a": [[{"c": 0}]]}),
        (None, None),
        ("x", "x"),
    ],
)
def test_null_fields_go_and_null_items_stay(value: Any, expected: Any) -> None:
    assert without_nulls(value) == expected


def test_parts_without_nulls_are_shared() -> None:
    clean = {"x": [1, {"y": 2}]}
    value = {"a": None, "b": clean}
    result = without_nulls(value)
    assert result["b"] is clean
    assert value == {"a": None, "b": clean}
    assert without_nulls(clean) is clean
