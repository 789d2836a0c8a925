from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gitops_ci.model.finding import found
from gitops_ci.model.span import Location, Span
from gitops_ci.render import rules
from gitops_ci.render.engine_choice import ChosenEngine
from gitops_ci.render.kustomize.failure import UnsupportedError
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.origins import PlaceOrigin
from gitops_ci.render.result import Result, failed, left_out

PLACE = Location("app/kustomization.yaml")


def _gives(*values: dict[str, Any]) -> Callable[[str], Result]:
    origin = PlaceOrigin(PLACE, "test")
    objects = tuple(RenderedObject(value, origin) for value in values)
    return lambda directory: Result(objects, used=frozenset([PLACE.path]))


def _object(name: str, data: Any = 1) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def _unsupported(directory: str) -> Result:
    raise UnsupportedError("openapi", PLACE, "openapi is not supported")


def _never(directory: str) -> Result:
    raise AssertionError("must not be asked")


def _fails(directory: str) -> Result:
    return failed(found(rules.KUSTOMIZE_BUILD, "no", PLACE))


def _remarks(directory: str) -> Result:
    """An empty result beside a fault that does not end the build."""
    return Result(findings=(found(rules.KUSTOMIZE_BUILD, "matches nothing", PLACE),))


def _choice(choice: str, native: Any, binary: Any, *, there: bool = True) -> Result:
    return ChosenEngine(choice, native, binary, lambda: there).build("app")


A, B = _object("a"), _object("b")


@pytest.mark.parametrize(
    ("choice", "native", "binary"),
    [
        ("auto", _gives(A), _never),
        ("native", _gives(A), _never),
        ("kustomize", _never, _gives(A)),
        ("auto", _unsupported, _gives(A)),
        ("both", _gives(A), _gives(A)),
        ("both", _unsupported, _gives(A)),
    ],
)
def test_who_is_asked(choice: str, native: Any, binary: Any) -> None:
    result = _choice(choice, native, binary)
    assert [item.value for item in result.objects] == [A]
    assert result.findings == ()


@pytest.mark.parametrize(("choice", "there"), [("native", True), ("auto", False)])
def test_what_nobody_can_build_is_a_named_skip(choice: str, there: bool) -> None:
    (skip,) = _choice(choice, _unsupported, _never, there=there).skipped
    assert skip.reason == "unrenderable"
    assert "app/kustomization.yaml:1" in skip.detail


@pytest.mark.parametrize(
    ("native", "binary", "words"),
    [
        (_gives(A), _gives(A, B), "1 objects natively, 2 by the reference"),
        (_gives(A, B), _gives(B, A), "ConfigMap a stands where the reference has ConfigMap b"),
        (_gives(_object("a", 1)), _gives(_object("a", data=True)), "ConfigMap a has other content"),
        (_gives(A), _fails, "the reference refuses to build what the native engine builds"),
        (_gives(), _fails, "the reference refuses to build what the native engine builds"),
        (_fails, _gives(A), "the native engine refuses to build what the reference builds"),
        (_fails, _remarks, "the native engine refuses to build what the reference builds"),
    ],
)
def test_each_difference_is_a_finding(native: Any, binary: Any, words: str) -> None:
    result = _choice("both", native, binary)
    (finding,) = [f for f in result.findings if f.rule is rules.ENGINE_DIFFERENCE]
    assert words in finding.message
    assert finding.location.path == PLACE.path


@pytest.mark.parametrize("binary", [_fails, lambda directory: left_out("app", "remote-base", "x")])
def test_the_same_refusal_is_no_difference(binary: Any) -> None:
    assert [f.rule for f in _choice("both", _fails, binary).findings] == [rules.KUSTOMIZE_BUILD]


def test_an_empty_result_beside_a_fault_is_no_difference() -> None:
    findings = _choice("both", _remarks, _gives()).findings
    assert [finding.message for finding in findings] == ["matches nothing"]


def test_a_fault_of_the_binary_without_a_line_is_that_which_the_native_engine_met() -> None:
    span = Span(3, 9, 2, 1, 2, 7)

    def unsupported(directory: str) -> Result:
        raise UnsupportedError("field", Location(PLACE.path, span), "unknown field")

    (finding,) = _choice("auto", unsupported, _fails).findings
    assert finding.location.span == span


def test_a_skip_of_the_reference_is_no_verdict() -> None:
    result = _choice("both", _gives(A), lambda directory: left_out("app", "timeout", "x"))
    assert ([item.value for item in result.objects], result.findings) == ([A], ())
