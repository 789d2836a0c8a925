"""Structural schemas to JSON Schema."""

from __future__ import annotations

from typing import Any

import pytest

from gitops_ci.schemas.pack import load
from gitops_ci.schemas.structural import BrokenSchemaError, Structural
from gitops_ci.schemas.validator import Validator

BUILTINS = load().builtins("1.37")


def _accepts(spec: dict[str, Any], value: Any, *, prune: bool = True) -> bool:
    raw = {"type": "object", "properties": {"spec": spec}}
    validator = Validator(Structural(BUILTINS, prune=prune).schema(raw))
    return validator.is_valid({"apiVersion": "x/v1", "kind": "X", "spec": value})


@pytest.mark.parametrize(
    ("spec", "good", "bad"),
    [
        ({"type": "object", "properties": {"a": {"type": "string"}}}, {"a": "x"}, {"b": "x"}),
        ({"type": "object"}, {}, {"a": 1}),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"a": 1}, {"a": "x"}),
        ({"type": "object", "additionalProperties": True}, {"a": 1}, []),
        ({"type": "object", "x-kubernetes-preserve-unknown-fields": True}, {"a": 1}, "x"),
        ({"x-kubernetes-preserve-unknown-fields": True}, "anything", ...),
        ({"x-kubernetes-int-or-string": True}, "50%", 1.5),
        (
            {
                "x-kubernetes-int-or-string": True,
                "anyOf": [{"type": "integer"}, {"type": "string"}],
                "pattern": "^[0-9]+$",
            },
            7,
            "x",
        ),
        ({"type": "integer", "format": "int32"}, 2**31 - 1, 2**31),
        ({"type": "integer", "format": "int64"}, 2**63 - 1, 2**63),
        ({"type": "number", "minimum": 1, "exclusiveMinimum": True}, 1.5, 1),
        ({"type": "number", "maximum": 1, "exclusiveMaximum": False}, 1, 1.5),
        ({"type": "string", "nullable": True, "enum": ["a"]}, None, "b"),
        ({"type": "string"}, "x", None),
        ({"type": "string", "pattern": "^[[:lower:]]+$"}, "abc", "ABC"),
        ({"type": "string", "pattern": "(?=x)y"}, "unusable patterns are not checked", 1),
        ({"type": "string", "format": "duration"}, "1h30m", "soon"),
        ({"type": "string", "format": "ipv4"}, "10.0.0.1", "10.0.0.256"),
        ({"type": "string", "format": "cidr"}, "10.0.0.0/8", "10.0.0.0"),
        ({"type": "string", "format": "uri"}, "https://x/y", "x y"),
        ({"type": "string", "format": "byte"}, "aGk=", "a%"),
        ({"type": "string", "format": "mac"}, "00:11:22:33:44:55", "00:11"),
        ({"type": "string", "format": "password"}, "any", 1),
        (
            {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
            ["a", "b"],
            ["a", "a"],
        ),
        ({"type": "object", "x-kubernetes-embedded-resource": True}, None, {"kind": "X"}),
        (
            {
                "type": "object",
                "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
                "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
            },
            {"a": "x"},
            {"a": "x", "b": "x"},
        ),
        (
            {
                "type": "object",
                "properties": {"a": {"type": "string"}},
                "not": {"properties": {"a": {"enum": ["x"]}}, "required": ["a"]},
            },
            {"a": "y"},
            {"a": "x"},
        ),
    ],
)
def test_values(spec: dict[str, Any], good: Any, bad: Any) -> None:
    if good is not None or spec.get("nullable"):
        assert _accepts(spec, good)
    if bad is not ...:
        assert not _accepts(spec, bad)


def test_a_definition_that_keeps_unknown_fields_keeps_them() -> None:
    spec = {"type": "object", "properties": {"a": {"type": "string"}}}
    assert _accepts(spec, {"b": 1}, prune=False)
    assert not _accepts(spec, {"a": 1}, prune=False)


def test_an_embedded_resource_has_an_identity_and_checked_metadata() -> None:
    spec = {
        "type": "object",
        "x-kubernetes-embedded-resource": True,
        "x-kubernetes-preserve-unknown-fields": True,
    }
    inner = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"b": 1}}
    assert _accepts(spec, inner)
    assert not _accepts(spec, {**inner, "metadata": {"nmae": "a"}})


def test_metadata_is_that_of_every_object_and_names_can_be_narrowed() -> None:
    raw = {
        "type": "object",
        "properties": {"metadata": {"type": "object", "properties": {"name": {"maxLength": 3}}}},
    }
    validator = Validator(Structural(BUILTINS).schema(raw))
    assert validator.is_valid({"metadata": {"name": "abc", "labels": {"a": "b"}}})
    assert not validator.is_valid({"metadata": {"name": "abcd"}})
    assert not validator.is_valid({"metadata": {"lables": {}}})
    assert not validator.is_valid({"metadata": {"labels": {"a": 1}}})


def test_a_type_of_kubernetes_itself_can_be_referred_to() -> None:
    reference = {"x-gitops-ci-ref": "io.k8s.api.core.v1.PodTemplateSpec"}
    good = {"spec": {"containers": [{"name": "a", "image": "a:1"}]}}
    assert _accepts(reference, good)
    assert not _accepts(reference, {"spec": {"containers": [{"nmae": "a"}]}})
    assert _accepts({"x-gitops-ci-ref": "io.k8s.api.core.v1.Unheard"}, {"anything": 1})


@pytest.mark.parametrize(
    ("spec", "route"),
    [
        ({"type": "map"}, ("properties", "spec", "type")),
        ({"type": ["string", "text"]}, ("properties", "spec", "type")),
        ({"$ref": "#/definitions/x"}, ("properties", "spec")),
        ({"properties": []}, ("properties", "spec", "properties")),
        ({"properties": {"a": "string"}}, ("properties", "spec", "properties", "a")),
        ({"items": 3}, ("properties", "spec", "items")),
        ({"anyOf": {"a": 1}}, ("properties", "spec", "anyOf")),
        ({"anyOf": [1]}, ("properties", "spec", "anyOf")),
        ({"required": "a"}, ("properties", "spec", "required")),
    ],
)
def test_a_broken_schema_names_the_faulty_part(spec: Any, route: tuple[str, ...]) -> None:
    with pytest.raises(BrokenSchemaError) as caught:
        Structural(BUILTINS).schema({"type": "object", "properties": {"spec": spec}})
    assert caught.value.route == route


def test_a_schema_that_is_nested_too_deeply_is_broken() -> None:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(2_000):
        schema = {"type": "object", "properties": {"a": schema}}
    with pytest.raises(BrokenSchemaError, match="too deeply"):
        Structural(BUILTINS).schema(schema)
