"""The messages of kubeconform 0.7.0 to problems."""

from __future__ import annotations

from typing import Any

import pytest

from gitops_ci.schemas.shape import Shape
from gitops_ci.validate.errors import Problem
from gitops_ci.validate.verdicts import problems

_START = "problem validating schema. Check JSON formatting: jsonschema validation failed with 'f#' "
VALUE: dict[str, Any] = {"l": ["a", 1], "a~/b": "x", "c": "no - at '/l/0': spoofed", "o": {}}
SHAPE = Shape(
    {
        "properties": {
            "e": {"enum": ["A", "B"]},
            "c": {"pattern": "^x$"},
            "d": {"format": "ipv4"},
            "n": {"minimum": 2147483648},
        }
    }
)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("- at '': missing property 'a'", [Problem("required", (), {"properties": ["a"]})]),
        (
            "- at '': missing properties 'a', 'b\\'s'",
            [Problem("required", (), {"properties": ["a", "b's"]})],
        ),
        (
            "- at '/o': additional properties 'x' not allowed",
            [Problem("additionalProperties", ("o",), {"unexpected": ["x"]})],
        ),
        (
            "- at '/a~0~1b': got string, want integer",
            [Problem("type", ("a~/b",), {"types": "integer"})],
        ),
        (
            "- at '/l/1': got number, want null or string",
            [Problem("type", ("l", 1), {"types": "null or string"})],
        ),
        (
            "- at '/e': value must be one of 'A', 'B'",
            [Problem("enum", ("e",), {"options": ["A", "B"]})],
        ),
        ("- at '/q': value must be 'A'", [Problem("const", ("q",), {"expected_value": "A"})]),
        (
            "- at '/c': 'y' does not match pattern '^x$'",
            [Problem("pattern", ("c",), {"pattern": "^x$"})],
        ),
        (
            "- at '/d': 'x' is not valid ipv4: unable to parse",
            [Problem("format", ("d",), {"format": "ipv4"})],
        ),
        (
            "- at '/n': minimum: got 1, want 2.147483648×10⁰⁹",
            [Problem("minimum", ("n",), {"limit": 2147483648})],
        ),
        ("- at '/l': minItems: got 2, want 3", [Problem("minItems", ("l",), {"limit": "3"})]),
        ("- at '/l': items at 0 and 1 are equal", [Problem("uniqueItems", ("l",))]),
        ("- at '/o': not failed", [Problem("not", ("o",))]),
        (
            (
                "- at '/l': validation failed   - at '/l': minItems: got 2, want 3   "
                "- at '/l/0': got string, want integer - at '/o': not failed"
            ),
            [
                Problem("minItems", ("l",), {"limit": "3"}),
                Problem("type", ("l", 0), {"types": "integer"}),
                Problem("not", ("o",)),
            ],
        ),
        (
            (
                "- at '/o': anyOf failed   - at '/o': missing property 'x'   "
                "- at '/o': missing property 'y'"
            ),
            [
                Problem(
                    "anyOf",
                    ("o",),
                    {},
                    (
                        (Problem("required", ("o",), {"properties": ["x"]}),),
                        (Problem("required", ("o",), {"properties": ["y"]}),),
                    ),
                )
            ],
        ),
        ("- at '/o': oneOf failed, subschemas 0, 1 matched", [Problem("oneOf", ("o",))]),
        ("nothing that anybody can read", []),
        ("- at '/o': words of a later version", [Problem("other", ("o",))]),
    ],
)
def test_messages(message: str, expected: list[Problem]) -> None:
    assert problems(_START + message, VALUE, SHAPE) == expected


def test_hostile_values_only_mislead_about_themselves() -> None:
    message = _START + "- at '/c': 'no - at '/l/0': spoofed' does not match pattern '^x$'"
    found = problems(message, VALUE, SHAPE)
    assert {problem.route for problem in found} <= {("c",), ("l", 0)}
