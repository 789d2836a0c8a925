"""The table of deprecated and removed APIs against what the bundled versions serve."""

from __future__ import annotations

import pytest

from gitops_ci.schemas.gvk import Gvk, gvk
from gitops_ci.schemas.lifecycle import change_of, minor, rank, table
from gitops_ci.schemas.pack import load


def test_the_table_agrees_with_the_bundled_versions() -> None:
    pack = load()
    for kind, change in table().items():
        for version in pack.versions:
            served = kind in pack.builtins(version).kinds
            assert served != change.removed_in(version), (kind, version)


def test_every_replacement_exists() -> None:
    newest = load().builtins("1.37").kinds
    for kind, change in table().items():
        if change.replacement:
            api, _, other = change.replacement.partition(" ")
            wanted = gvk(api, other or kind.kind)
            gone_there_too = wanted.kind in ("ScheduledJob", "Eviction", "Scale")
            assert wanted in newest or gone_there_too, kind


def test_whatever_disappears_between_two_versions_is_known_as_removed() -> None:
    pack = load()
    for older, newer in zip(pack.versions, pack.versions[1:], strict=False):
        gone = set(pack.builtins(older).kinds) - set(pack.builtins(newer).kinds)
        for kind in gone:
            change = change_of(kind, pack)
            assert change is not None
            assert change.removed == newer


@pytest.mark.parametrize(
    ("kind", "deprecated", "removed", "replacement"),
    [
        (Gvk("extensions", "v1beta1", "Ingress"), "1.14", "1.22", "networking.k8s.io/v1"),
        (Gvk("policy", "v1beta1", "PodSecurityPolicy"), "1.21", "1.25", ""),
        (Gvk("", "v1", "Endpoints"), "1.33", "", "discovery.k8s.io/v1 EndpointSlice"),
        (Gvk("networking.k8s.io", "v1beta1", "IPAddress"), "1.33", "1.37", "networking.k8s.io/v1"),
        (Gvk("resource.k8s.io", "v1beta1", "DeviceClass"), "1.34", "", "resource.k8s.io/v1"),
    ],
)
def test_changes(kind: Gvk, deprecated: str, removed: str, replacement: str) -> None:
    change = change_of(kind, load())
    assert change is not None
    assert (change.deprecated, change.removed, change.replacement) == (
        deprecated,
        removed,
        replacement,
    )


@pytest.mark.parametrize(
    "kind",
    [
        Gvk("autoscaling", "v1", "HorizontalPodAutoscaler"),
        Gvk("apps", "v1", "Deployment"),
        Gvk("example.com", "v1beta1", "Deployment"),
        Gvk("apps", "v1", "Wombat"),
    ],
)
def test_nothing_happened_to(kind: Gvk) -> None:
    assert change_of(kind, load()) is None


def test_versions_compare_as_numbers() -> None:
    assert minor("1.9") < minor("v1.10") == minor("1.10.3")
    ordered = ["x1", "v1alpha1", "v1beta1", "v1beta2", "v2beta1", "v1", "v2"]
    assert sorted(ordered, key=rank) == ordered
    assert rank("v1beta2") > rank("v1beta1") > rank("v1alpha9")
