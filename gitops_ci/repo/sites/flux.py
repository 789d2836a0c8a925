"""Sites of Flux objects. Fields: the API references of helm.toolkit.fluxcd.io,
kustomize.toolkit.fluxcd.io and source.toolkit.fluxcd.io."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.documents.values import Value
from gitops_ci.model.span import Route
from gitops_ci.repo.deployers import mapping, sequence, text
from gitops_ci.repo.sites.fields import walk_values
from gitops_ci.repo.sites.known import Known
from gitops_ci.repo.sites.kustomize import image_entries, patches
from gitops_ci.repo.sites.model import Site
from gitops_ci.repo.sites.pins import artifact_site, chart_site, git_site
from gitops_ci.repo.sites.text import Found, Scope, one

_GIT_KEYS = ("commit", "tag", "semver", "branch", "name")
"""Of several keys the first one here wins, as for the source controller."""


def flux_sites(
    scope: Scope, value: dict[str, Value], route: Route, known: Known
) -> Iterator[Found]:
    """The sites of a Flux object."""
    kind = scope.object.kind if scope.object else ""
    spec, at = mapping(value.get("spec")), (*route, "spec")
    if kind == "HelmRelease":
        yield from _release(scope, spec, at, known)
    elif kind == "HelmChart":
        yield from _chart(scope, spec, at, known)
    elif kind == "Kustomization":
        yield from image_entries(scope, spec.get("images"), (*at, "images"))
        yield from patches(scope, spec.get("patches"), (*at, "patches"))
    elif kind == "OCIRepository":
        reference = mapping(spec.get("ref"))
        url = text(spec.get("url")) or known.addresses.get(f"{kind}/{_name(scope)}", "")
        yield from one(artifact_site(scope, "flux-source", (*at, "ref"), reference, url))
    elif kind == "GitRepository":
        yield from _git(scope, spec, at, known)


def _name(scope: Scope) -> str:
    return scope.object.name if scope.object else ""


def _git(scope: Scope, spec: dict[str, Value], at: Route, known: Known) -> Iterator[Site]:
    reference = mapping(spec.get("ref"))
    url = text(spec.get("url")) or known.addresses.get(f"GitRepository/{_name(scope)}", "")
    key = next((key for key in _GIT_KEYS if text(reference.get(key))), None)
    if key is not None:
        yield from one(git_site(scope, "flux-source", (*at, "ref", key), reference[key], url))


def _release(scope: Scope, spec: dict[str, Value], at: Route, known: Known) -> Iterator[Found]:
    chart = mapping(spec.get("chart"))
    yield from _chart(scope, mapping(chart.get("spec")), (*at, "chart", "spec"), known)
    if "version" in chart and text(chart.get("name")):  # helm.fluxcd.io/v1
        place: Route = (*at, "chart", "version")
        name, source = text(chart.get("name")), text(chart.get("repository"))
        yield from one(chart_site(scope, "helm-release", place, chart["version"], name, source))
    yield from walk_values(scope, spec.get("values"), (*at, "values"))
    for index, item in enumerate(sequence(spec.get("postRenderers"))):
        inner = mapping(mapping(item).get("kustomize"))
        place = (*at, "postRenderers", index, "kustomize")
        yield from image_entries(scope, inner.get("images"), (*place, "images"))
        for key in ("patches", "patchesStrategicMerge", "patchesJson6902"):
            yield from patches(scope, inner.get(key), (*place, key))


def _chart(scope: Scope, spec: dict[str, Value], at: Route, known: Known) -> Iterator[Site]:
    """A patch of a release may name the version alone: the chart is that of the release."""
    if "version" not in spec:
        return
    kind = scope.object.kind if scope.object else ""
    name, source = text(spec.get("chart")), known.address(mapping(spec.get("sourceRef")))
    if not name:
        name, source = known.chart(kind, _name(scope))
    if name:
        version: Route = (*at, "version")
        yield from one(chart_site(scope, "helm-release", version, spec["version"], name, source))
