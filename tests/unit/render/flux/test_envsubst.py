from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.render.flux.envsubst import Substitution, SubstitutionError

VALUES = {"env": "prod", "empty": "", "path": "a/b/c", "UP": "Shop", "_x": "1"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no variables", "no variables"),
        ("${env}", "prod"),
        ("x-${env}-${UP}", "x-prod-Shop"),
        ("$env stays", "$env stays"),
        ("$${env}", "${env}"),
        ("$$${env}", "$${env}"),
        ("a $ b", "a $ b"),
        ("${missing}", ""),
        ("${missing:-fallback}", "fallback"),
        ("${missing:=fallback}", "fallback"),
        ("${missing=fallback}", "fallback"),
        ("${missing-fallback}", "fallback"),
        ("${empty:-fallback}", "fallback"),
        ("${env:-fallback}", "prod"),
        ("${missing:-}", ""),
        ("${missing:-${env}}", "prod"),
        ("${missing:-a:b}", "a:b"),
        ("${env^}", "Prod"),
        ("${env^^}", "PROD"),
        ("${UP,}", "shop"),
        ("${UP,,}", "shop"),
        ("${#env}", "4"),
        ("${env:1}", "rod"),
        ("${env:1:2}", "ro"),
        ("${path#*/}", "b/c"),
        ("${path##*/}", "c"),
        ("${path%/*}", "a/b"),
        ("${path%%/*}", "a"),
        ("${path/\\//-}", "a/b/c"),
        ("${env/ro/RO}", "pROd"),
        ("${path//b/x}", "a/x/c"),
        ("${env/#pr/PR}", "PRod"),
        ("${env/%od/OD}", "prOD"),
        ("${_x}", "1"),
    ],
)
def test_the_forms_that_flux_knows(text: str, expected: str) -> None:
    assert Substitution(VALUES).apply(text) == expected


def test_undefined_variables_are_those_without_value_and_default() -> None:
    substitution = Substitution(VALUES)
    substitution.apply("${env} ${gone} ${other:-x} ${lost^^} ${#gone}")
    assert substitution.undefined == {"gone", "lost"}
    assert substitution.used == {"env"}


@pytest.mark.parametrize("text", ["${", "${env", "${1x}", "${}", "${env!x}", "${a b}", "${env:x}"])
def test_what_the_controller_refuses(text: str) -> None:
    with pytest.raises(SubstitutionError):
        Substitution(VALUES).apply(text)


def test_growth_and_depth_are_bounded() -> None:
    bomb = Substitution({"x": "a" * 10_000})
    with pytest.raises(SubstitutionError):
        bomb.apply("${x//a/${x}}")
    with pytest.raises(SubstitutionError):
        bomb.apply("${y:-" * 50 + "}" * 50)


@given(st.text(alphabet="${}:-=#%/^,aB_1 \n", max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    try:
        result = Substitution(VALUES).apply(text)
    except SubstitutionError as error:
        result = str(error) or None
    assert isinstance(result, str)
