from __future__ import annotations

from typing import Any

import pytest

from gitops_ci.render.flux.envsubst import Substitution, SubstitutionError
from gitops_ci.render.flux.substitute import is_disabled, substituted

VALUES = {"n": "3", "yes": "true", "word": "shop", "colon": "a: b", "map": "{a: 1}", "zero": "007"}


def _one(text: str) -> Any:
    return substituted({"v": text}, Substitution(VALUES))["v"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${n}", 3),
        ("${yes}", True),
        ("${word}", "shop"),
        ("${word}-${n}", "shop-3"),
        ("${missing}", None),
        ("'${n}'", "'3'"),
        (" ${n}", " 3"),
        ("key: ${n}", "key: 3"),
        ("line\n${n}\n", "line\n3\n"),
        ("${map}", {"a": 1}),
        ("no variable: yes", "no variable: yes"),
        ("${zero}", 7),
    ],
)
def test_a_value_is_what_reading_the_substituted_yaml_gives(text: str, expected: Any) -> None:
    assert _one(text) == expected


def test_a_result_that_is_no_yaml_is_refused() -> None:
    with pytest.raises(SubstitutionError, match="quote"):
        _one("${colon}")


def test_keys_are_substituted_too_and_untouched_parts_are_shared() -> None:
    value = {"labels": {"${word}": "x"}, "rest": {"deep": [1, "two"]}}
    result = substituted(value, Substitution(VALUES))
    assert result["labels"] == {"shop": "x"}
    assert result["rest"] is value["rest"]
    assert value["labels"] == {"${word}": "x"}


@pytest.mark.parametrize("where", ["labels", "annotations"])
def test_an_object_can_opt_out(where: str) -> None:
    switch = {"kustomize.toolkit.fluxcd.io/substitute": "disabled"}
    assert is_disabled({"metadata": {where: switch}})
    assert not is_disabled({"metadata": {where: {}}})
    assert not is_disabled({"metadata": None})
