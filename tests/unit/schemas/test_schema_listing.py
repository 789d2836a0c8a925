"""What `schemas list`, `show` and `add` give."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gitops_ci.schemas.crd import Source, crd_set
from gitops_ci.schemas.gvk import Gvk
from gitops_ci.schemas.json_schema import of_closure
from gitops_ci.schemas.listing import (
    Listed,
    NotASchemaError,
    add_schemas,
    kinds_of,
    list_kinds,
    show_kind,
)
from gitops_ci.schemas.pack import Schema, load

BUILTINS = load().builtins("1.37")
TREE: dict[str, Any] = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "spec": {
        "group": "example.com",
        "names": {"kind": "Tree", "plural": "trees"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {"openAPIV3Schema": {"type": "object"}},
            }
        ],
    },
}


def _schema(kind: Gvk) -> Schema:
    return of_closure(BUILTINS.closure(BUILTINS.kinds[kind]))


def test_the_list_says_where_a_kind_is_known_from() -> None:
    kinds = list_kinds(load(), crd_set([TREE]))
    assert Listed(Gvk("apps", "v1", "Deployment"), "Kubernetes 1.28 to 1.37") in kinds
    assert Listed(Gvk("scheduling.k8s.io", "v1alpha1", "Workload"), "Kubernetes 1.35") in kinds
    assert Listed(Gvk("example.com", "v1", "Tree"), "a definition in the repository") in kinds
    names = {item.gvk.kind for item in kinds}
    assert names.isdisjoint({"PodList", "APIGroup", "Status"})


def test_the_list_can_be_narrowed_to_versions() -> None:
    workload = Gvk("scheduling.k8s.io", "v1alpha1", "Workload")
    assert workload not in {item.gvk for item in list_kinds(load(), crd_set(), ["1.37"])}


def test_a_structure_is_shown_line_by_line() -> None:
    text = show_kind(_schema(Gvk("batch", "v1", "CronJob")), "spec")
    assert "schedule: string (required)" in text.splitlines()
    assert "jobTemplate: object (required)" in text.splitlines()
    lines = show_kind(_schema(Gvk("", "v1", "Service")), "spec.ports").splitlines()
    assert "port: integer (required)" in lines
    assert "targetPort: integer or string" in lines


def test_a_recursive_structure_ends() -> None:
    kind = Gvk("apiextensions.k8s.io", "v1", "CustomResourceDefinition")
    path = "spec.versions.schema.openAPIV3Schema"
    assert len(show_kind(_schema(kind), path).splitlines()) < 20_000


def test_a_path_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        show_kind(_schema(Gvk("", "v1", "Pod")), "spec.contaners")


def test_a_definition_becomes_a_file_that_makes_its_kind_known() -> None:
    (file,) = add_schemas([TREE], "schemas", BUILTINS)
    assert file.path == "schemas/example.com_v1_tree.json"
    (kind,) = kinds_of(json.loads(file.data))
    assert (kind.gvk, kind.source) == (Gvk("example.com", "v1", "Tree"), Source.ADDED)


def test_a_json_schema_names_its_kind_in_its_enums() -> None:
    schema = {
        "type": "object",
        "properties": {
            "apiVersion": {"type": "string", "enum": ["example.com/v1"]},
            "kind": {"type": "string", "enum": ["Tree"]},
            "spec": {"type": ["object", "null"], "properties": {"a": {"type": "string"}}},
        },
    }
    (file,) = add_schemas([schema], ".", BUILTINS)
    assert file.path == "example.com_v1_tree.json"


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"apiVersion": "v1", "kind": "Pod"},
        {"x-kubernetes-group-version-kind": [{"group": 1, "version": "v1", "kind": "X"}]},
        {"x-kubernetes-group-version-kind": [{"group": "../x", "version": "v1", "kind": "X"}]},
        {"x-kubernetes-group-version-kind": [{"group": "", "version": "v1", "kind": "Pod"}]},
        {
            "x-kubernetes-group-version-kind": [{"group": "a.b", "version": "v1", "kind": "X"}],
            "properties": {"spec": {"$ref": "https://example.com/x.json"}},
        },
    ],
)
def test_what_cannot_be_used_is_refused(value: Any) -> None:
    with pytest.raises(NotASchemaError):
        add_schemas([value], "schemas", BUILTINS)
