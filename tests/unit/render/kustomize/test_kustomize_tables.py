"""The tables of the engine: the merge keys come from their source, the specs are well formed."""

from __future__ import annotations

import runpy

import pytest

from gitops_ci.render.kustomize.field_specs import defaults
from gitops_ci.render.kustomize.ids import Gvk, is_cluster_scoped
from gitops_ci.render.kustomize.merge_keys import MergedList, builtin_schemas
from tests.support.tools import ROOT

CONTAINERS = ("spec", "template", "spec", "containers")


def test_the_merge_keys_are_made_from_their_source() -> None:
    pytest.importorskip("kubernetes_validate")
    script = runpy.run_path(str(ROOT / "scripts/kustomize_merge_keys.py"))
    assert script["TARGET"].read_text() == script["table_text"]()


@pytest.mark.parametrize(
    ("kind", "path", "keys"),
    [
        ("apps/v1/Deployment", CONTAINERS, ("name",)),
        ("apps/v1/Deployment", (*CONTAINERS, "ports"), ("containerPort", "protocol")),
        ("apps/v1/Deployment", (*CONTAINERS, "volumeMounts"), ("mountPath",)),
        ("v1/Service", ("spec", "ports"), ("port", "protocol")),
        ("v1/Pod", ("metadata", "finalizers"), ()),
        ("apps/v1/Deployment", (*CONTAINERS, "args"), None),
        ("apps/v1/StatefulSet", ("spec", "volumeClaimTemplates"), None),
    ],
)
def test_which_lists_are_merged(
    kind: str, path: tuple[str, ...], keys: tuple[str, ...] | None
) -> None:
    node = builtin_schemas()[kind]
    found = None
    for name in path:
        found = (node or {}).get(name)
        node = (found.item or {}) if isinstance(found, MergedList) else (found or {})
    assert (found.keys if isinstance(found, MergedList) else None) == keys


def test_kinds_newer_than_the_reference_are_merged_as_json() -> None:
    assert "autoscaling/v2/HorizontalPodAutoscaler" not in builtin_schemas()


def test_the_default_specs() -> None:
    config = defaults()
    targets = {reference.target.kind for reference in config.name_reference}
    assert targets >= {"ConfigMap", "Secret", "Service", "ServiceAccount", "PersistentVolumeClaim"}
    assert {spec.path for spec in config.images} >= {"spec/template/spec/containers[]/image"}
    assert any(spec.path == "spec/selector" and spec.create for spec in config.common_labels)
    assert is_cluster_scoped(Gvk("", "v1", "Namespace"))
    assert not is_cluster_scoped(Gvk("x.io", "v1", "Namespace"))
