"""The notation of the structures: what each form compiles to, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from gitops_ci.schemas.kinds.load import Kinds, kinds, load_kinds, schema
from gitops_ci.schemas.kinds.notation import Compiler, NotationError

TEXT = """
# a comment
kind Thing example.com v1 v1beta1
  spec! Spec   # the only field

type Spec
  ...Common
  list [obj]
    name! str
  map {int}
  word a|b
  one only|
  empty str?
  url str /^https://.*$/
  every Interval
  labels k8s:meta.v1.LabelSelector
  pod k8s:core.v1.PodSpec
  deep [{[bool]}]

type Common
  size quantity
  more any
  ...

type Interval = str /^[0-9]+s$/
"""


def spec(text: str = TEXT) -> dict[str, Any]:
    found: dict[str, Any] = Compiler(text).schema("example.com", "v1", "Thing")
    return found["properties"]["spec"]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (
            "list",
            {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"name": {"type": "string"}},
                    "required": ["name"],
                },
            },
        ),
        ("map", {"type": "object", "additionalProperties": {"type": "integer"}}),
        ("word", {"type": "string", "enum": ["a", "b"]}),
        ("one", {"type": "string", "enum": ["only"]}),
        ("empty", {"type": "string", "nullable": True}),
        ("url", {"type": "string", "pattern": "^https://.*$"}),
        ("every", {"type": "string", "pattern": "^[0-9]+s$"}),
        ("labels", {"x-gitops-ci-ref": "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"}),
        ("pod", {"x-gitops-ci-ref": "io.k8s.api.core.v1.PodSpec"}),
        ("more", {"x-kubernetes-preserve-unknown-fields": True}),
        (
            "deep",
            {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": {"type": "array", "items": {"type": "boolean"}},
                },
            },
        ),
    ],
)
def test_a_form_compiles_to_a_structural_schema(field: str, expected: dict[str, Any]) -> None:
    assert spec()["properties"][field] == expected


def test_the_fields_of_another_type_are_taken_over_with_its_openness() -> None:
    assert "size" in spec()["properties"]
    assert spec()["x-kubernetes-preserve-unknown-fields"] is True


def test_a_kind_has_the_fields_of_every_object() -> None:
    whole = Compiler(TEXT).schema("example.com", "v1beta1", "Thing")
    assert list(whole["properties"]) == ["apiVersion", "kind", "metadata", "status", "spec"]
    assert whole["required"] == ["apiVersion", "kind", "metadata", "spec"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  name str", "outside of a block"),
        ("thing A", "unknown header"),
        ("kind Thing example.com v1\n  spec! Gone", "unknown type 'Gone'"),
        ("kind Thing example.com v1\n  spec", "not a field"),
        ("kind Thing example.com v1\n  a str\n  a int", "stands there twice"),
        ("kind Thing example.com v1\n  a str\n    b str", "fields belong to obj"),
        ("kind Thing example.com v1\n  a [obj]\n  b str", "fields belong to obj"),
        ("kind Thing example.com v1\n    a str\n  b str", "indentation"),
        ("kind Thing example.com v1\n  a A\ntype A\n  b [A]", "contains itself"),
        ("type A\n  b str\ntype A\n  c str", "defined twice"),
    ],
)
def test_a_text_outside_of_the_notation_is_refused(text: str, message: str) -> None:
    with pytest.raises(NotationError, match=message):
        Compiler(text).schema("example.com", "v1", "Thing")


def test_listing_compiles_nothing() -> None:
    broken = Kinds({"broken": "kind Thing example.com v1 v2\n  not a field at all"})
    assert list(broken) == [("example.com", "v1", "Thing"), ("example.com", "v2", "Thing")]
    assert broken.product(("example.com", "v2", "Thing")) == "broken"
    with pytest.raises(NotationError):
        broken["example.com", "v1", "Thing"]


def test_a_schema_is_compiled_once_and_an_unknown_kind_has_none() -> None:
    application = ("argoproj.io", "v1alpha1", "Application")
    assert schema(application) is schema(application)
    assert schema(("argoproj.io", "v1", "Application")) is None
    assert len(kinds()) == len(set(kinds())) == len(load_kinds())
