"""The order of the output: kustomize's legacy order, or the order of the files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cmp_to_key
from typing import Any

from gitops_ci.model.finding import found
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.failure import BuildError
from gitops_ci.render.kustomize.ids import Gvk, metadata_text
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.spots import Spot

FIRST = [
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
]
LAST = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]
"""Kinds that come first and last, in this order; source: the page "sortOptions"."""


def sort_resources(
    resources: list[Resource], options: Mapping[str, Any] | None, spot: Spot
) -> None:
    """Bring the resources into the order that `sortOptions` ask for, by default the legacy one."""
    order = "legacy" if options is None else options.get("order") or ""
    lists = None if options is None else options.get("legacySortOptions")
    if order == "fifo":
        if lists is not None:
            message = "legacySortOptions are only for order legacy"
            raise BuildError(found(rules.INVALID_FIELD, message, spot.location))
        return
    if order != "legacy":
        message = "sortOptions.order must be legacy or fifo"
        raise BuildError(found(rules.INVALID_FIELD, message, spot.location))
    first = FIRST if lists is None else lists.get("orderFirst") or []
    last = LAST if lists is None else lists.get("orderLast") or []
    ranks = {kind: index - len(first) for index, kind in enumerate(first)}
    ranks.update({kind: index + 1 for index, kind in enumerate(last)})
    keys = {id(r): _key(r, ranks) for r in resources}
    if _has_foreign_namespaces(resources):
        resources.sort(key=cmp_to_key(lambda a, b: _compare(keys[id(a)], keys[id(b)])))
    else:
        resources.sort(key=lambda r: keys[id(r)])


_Key = tuple[int, str, str, Gvk]


def _key(resource: Resource, ranks: Mapping[str, int]) -> _Key:
    gvk = resource.gvk
    group, version, kind = gvk.group or "~G", gvk.version or "~V", gvk.kind or "~K"
    namespace = metadata_text(resource.value, "namespace") or "~X"
    shown = f"{gvk.kind}.{gvk.version or '[noVer]'}.{gvk.group or '[noGrp]'}"
    own = f"{shown}|{namespace}|{resource.id.name or '~N'}"
    return ranks.get(gvk.kind, 0), f"{group}_{version}_{kind}", own, gvk


def _has_foreign_namespaces(resources: list[Resource]) -> bool:
    groups = {r.gvk.group for r in resources if r.gvk.kind == "Namespace"}
    return "" in groups and len(groups) > 1


def _compare(a: _Key, b: _Key) -> int:
    """Core Namespaces come before other kinds of that name."""
    if a[0] != b[0]:
        return a[0] - b[0]
    if a[3] != b[3] and a[3].kind == b[3].kind == "Namespace" and "" in (a[3].group, b[3].group):
        return (a[1] < b[1]) - (a[1] > b[1])
    return (a[1:3] > b[1:3]) - (a[1:3] < b[1:3])
