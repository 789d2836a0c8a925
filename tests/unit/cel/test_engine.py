"""Expressions to programs: faults with their place, types as the API server has them."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from typing import Any

import pytest

from gitops_ci.cel.engine import CompileError, Environment, EvaluationError, scope
from gitops_ci.cel.libraries.native import AUTHORIZER

OBJECT = Environment({"object": "dyn"})


def value(expression: str, **values: Any) -> Any:
    return OBJECT.compile(expression)(scope(values))


FAULTS = [
    ("object.a +\n  foo(1)", [(2, 6)]),
    ("foo(1) || bar", [(1, 4), (1, 11)]),
    ("object.a &&", [(1, 12)]),
    ("1 + 'a'", [(1, 3)]),
    ("'a'.reverse()", [(1, 12)]),
    ("quantity('1') > quantity('2')", [(1, 15)]),
    ("quantity('1').value", [(1, 14)]),
    ("semver('1.0.0').isLessThan(quantity('1'))", [(1, 27)]),
    ("object.all(x, y)", [(1, 15)]),
    ("'\ud83d'", [(1, 1)]),
    ("", [(1, 1)]),
]


@pytest.mark.parametrize(("expression", "places"), FAULTS)
def test_faults_have_their_line_and_column(expression: str, places: list[tuple[int, int]]) -> None:
    with pytest.raises(CompileError) as caught:
        OBJECT.compile(expression)
    assert [(problem.line, problem.column) for problem in caught.value.problems] == places
    assert not any("ERROR" in problem.message for problem in caught.value.problems)


def test_missing_keys_are_errors_and_has_asks() -> None:
    thing = {"spec": {"replicas": 1, "nothing": None}}
    assert value("has(object.spec.replicas)", object=thing)
    assert not value("has(object.spec.paused)", object=thing)
    assert value("object.spec.nothing == null", object=thing)
    with pytest.raises(EvaluationError, match="paused"):
        value("object.spec.paused", object=thing)
    with pytest.raises(EvaluationError, match="status"):
        value("has(object.status.ready)", object=thing)


def test_an_error_is_no_matter_where_the_other_side_decides() -> None:
    assert value("object.missing || true", object={})
    assert value("[1, 2].exists(x, x == 2 || object.missing)", object={})
    with pytest.raises(EvaluationError):
        value("object.missing || false", object={})


def test_integers_and_doubles_of_an_object_compare() -> None:
    assert value("object.a == object.b && object.a < 2.5", object={"a": 1, "b": 1.0})
    with pytest.raises(EvaluationError, match="range"):
        value("object.a > 0", object={"a": 2**64})


def test_or_value_on_a_plain_field_is_the_field() -> None:
    assert value("object.a.orValue([]) == [1]", object={"a": [1]})
    assert value("object.?b.orValue([]) == []", object={"a": [1]})
    assert value("object.?a.b.orValue(3) == 3", object={"a": {}})
    with pytest.raises(EvaluationError, match='"b"'):
        value("object.b.orValue([]) == []", object={})


def test_the_authorizer_compiles_and_has_no_value() -> None:
    environment = Environment({"authorizer": AUTHORIZER})
    program = environment.compile(
        "authorizer.group('').resource('pods').namespace('x').check('get').allowed()"
    )
    assert program.result == "BOOL"
    assert "authorizer" in program.names
    with pytest.raises(EvaluationError):
        program(scope({}))


def test_parts_of_an_expression_are_programs() -> None:
    program = OBJECT.compile("object.a == 1 && object.b == 2")
    values = scope({"object": {"a": 1, "b": 3}})
    assert [program.part(part)(values) for part in program.tree.parts] == [True, False]


def test_optional_results_stay_optional_wherever_they_stand() -> None:
    label = "format.dns1123Label().validate(object.name)"
    assert value(f"{{'a': [{label}]}}.a[0].hasValue()", object={"name": "A"})
    assert not value(f"[object.name].exists(x, {label}.hasValue())", object={"name": "a"})


def test_nothing_is_loaded_before_it_is_needed() -> None:
    code = "import sys, gitops_ci.cel.engine; print('cel_expr_python' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("text", ["(" * 99 + "1" + ")" * 99, "+".join("1" * 99), "a" + ".a" * 99])
def test_what_is_too_deep_for_the_evaluator_is_no_fault_of_the_policy(text: str) -> None:
    with pytest.raises(CompileError) as caught:
        OBJECT.compile(text)
    assert caught.value.unsupported


HOSTILE = ["\ud83d", "a\0b", float("nan"), 2**70, b"x", {1: 2}, {None: 1}, {"\ud83d": 1}, {1, 2}]


@pytest.mark.parametrize("value", HOSTILE, ids=ascii)
@pytest.mark.parametrize(
    "expression",
    ["object.a == 'x'", "object == object", "string(object.a) == ''", "isIP(object.a)"],
)
def test_whatever_an_object_holds_there_is_a_value_or_an_error(expression: str, value: Any) -> None:
    program = OBJECT.compile(expression)
    with suppress(EvaluationError):
        assert program(scope({"object": {"a": value}})) in (True, False)
