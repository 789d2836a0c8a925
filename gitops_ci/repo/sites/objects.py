"""Sites of one Kubernetes object, by its kind."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.documents.values import Value
from gitops_ci.model.span import Route
from gitops_ci.repo.deployers import mapping
from gitops_ci.repo.sites.applicationsets import applicationset_sites
from gitops_ci.repo.sites.argocd import application_sites
from gitops_ci.repo.sites.fields import walk
from gitops_ci.repo.sites.flux import flux_sites
from gitops_ci.repo.sites.known import Known
from gitops_ci.repo.sites.kustomize import kustomization_sites, transformer_sites
from gitops_ci.repo.sites.markers import MARKS
from gitops_ci.repo.sites.operators import operator_sites
from gitops_ci.repo.sites.text import Found, Scope, inside

_KUSTOMIZE = "kustomize.config.k8s.io"
SILENT_KINDS = frozenset({"CustomResourceDefinition", "Secret", "SealedSecret", "ExternalSecret"})
_SILENT_GROUPS = (
    "kyverno.io",
    "cli.kyverno.io",
    "policies.kyverno.io",
    "templates.gatekeeper.sh",
    "constraints.gatekeeper.sh",
    "admissionregistration.k8s.io",
    "image.toolkit.fluxcd.io",
)
"""Objects that speak about images without running one: schemas, policies, patterns."""


def object_sites(
    scope: Scope, value: dict[str, Value], route: Route, known: Known
) -> Iterator[Found]:
    """Every site of the object `value`, which stands at `route` in its document."""
    ref = scope.object
    group, kind = (ref.group, ref.kind) if ref else ("", "")
    if kind in SILENT_KINDS or group in _SILENT_GROUPS:
        return
    if group == _KUSTOMIZE and not route:
        yield from kustomization_sites(scope, value)
    elif group == "builtin":
        yield from transformer_sites(scope, value)
    elif group.endswith("toolkit.fluxcd.io") or group == "helm.fluxcd.io":
        yield from flux_sites(scope, value, route, known)
    elif group == "argoproj.io" and kind == "Application":
        yield from application_sites(scope, mapping(value.get("spec")), (*route, "spec"))
    elif group == "argoproj.io" and kind == "ApplicationSet":
        yield from applicationset_sites(scope, mapping(value.get("spec")), (*route, "spec"), known)
    elif kind == "ConfigMap":
        yield from _config_map(scope, value, route)
    else:
        yield from operator_sites(scope, value)
        yield from walk(scope, value, route, "workload")


def _config_map(scope: Scope, value: dict[str, Value], route: Route) -> Iterator[Found]:
    """Data that is YAML itself, and single keys that are named as images."""
    data = mapping(value.get("data"))
    yield from walk(scope, data, (*route, "data"), "config-map")
    for key, item in data.items():
        if isinstance(item, str) and "\n" in item and _may_hold_sites(item):
            yield from inside(scope, (*route, "data", key), item, kind="config-map")


def _may_hold_sites(text: str) -> bool:
    return "image" in text.lower() or any(mark.decode() in text for mark in MARKS)
