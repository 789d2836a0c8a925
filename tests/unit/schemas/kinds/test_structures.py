"""The structures on board, seen as the API server sees them: good objects pass, misspelt fields do
not. The objects stand in `good/`, one file for each product."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from gitops_ci.documents.read import read
from gitops_ci.schemas.kinds.load import PRODUCTS, Gvk, kinds, load_kinds
from gitops_ci.schemas.pack import load
from gitops_ci.schemas.structural import BUILTIN_REF, OPEN, Structural

GOOD = Path(__file__).parent / "good"
NEWEST = load().builtins(load().versions[-1])
OPEN_SPECS = {
    "Alertmanager",
    "ExternalArtifact",
    "FluxInstance",
    "FluxReport",
    "Prometheus",
    "PrometheusAgent",
    "ResourceSet",
    "ResourceSetInputProvider",
    "ScrapeConfig",
    "ThanosRuler",
}
"""Kinds whose spec may hold fields that are not written out: a misspelt one passes."""


@cache
def validator(gvk: Gvk) -> Any:
    return jsonschema_rs.validator_for(Structural(NEWEST).schema(load_kinds()[gvk]))


def gvk_of(value: dict[str, Any]) -> Gvk:
    group, _, version = value["apiVersion"].rpartition("/")
    return group, version, value["kind"]


def objects() -> list[Any]:
    return [
        pytest.param(document.value, id=f"{product}-{document.value['kind']}-{number}")
        for product in PRODUCTS
        for number, document in enumerate(
            read(f"{product}.yaml", (GOOD / f"{product}.yaml").read_bytes()).documents
        )
    ]


def parts(value: Any, schema: dict[str, Any], route: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """The routes of all objects in `value` that may hold no unknown field."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from parts(item, schema.get("items", {}), (*route, index))
    elif isinstance(value, dict):
        extra = schema.get("additionalProperties")
        if schema.get("type") == "object" and extra is None and not schema.get(OPEN):
            yield route
        for key, inner in value.items():
            below = schema.get("properties", {}).get(key, extra or {})
            yield from parts(inner, below, (*route, key))


@pytest.mark.parametrize("value", objects())
def test_a_good_object_passes(value: dict[str, Any]) -> None:
    errors = [
        f"{'.'.join(map(str, error.instance_path))}: {error.message}"
        for error in validator(gvk_of(value)).iter_errors(value)
    ]
    assert errors == []


@pytest.mark.parametrize("value", objects())
def test_a_misspelt_field_is_found_wherever_the_fields_are_written_out(
    value: dict[str, Any],
) -> None:
    gvk = gvk_of(value)
    routes = list(parts(value, load_kinds()[gvk], ()))
    open_spec = load_kinds()[gvk]["properties"]["spec"].get(OPEN, False)
    oldest = gvk == ("external-secrets.io", "v1alpha1", "ExternalSecret")
    assert open_spec == (value["kind"] in OPEN_SPECS or oldest)
    assert open_spec or any(route == ("spec",) for route in routes)
    for route in routes:
        changed = copy.deepcopy(value)
        part: Any = changed
        for step in route:
            part = part[step]
        part["mispelt"] = "x"
        assert not validator(gvk).is_valid(changed), f"{gvk} {route}"


def test_each_kind_has_a_good_object() -> None:
    shown = {(gvk_of(case.values[0])[0], case.values[0]["kind"]) for case in objects()}
    assert {(group, kind) for group, _, kind in kinds()} - shown == set()


@pytest.mark.parametrize("gvk", kinds(), ids="/".join)
def test_what_a_structure_refers_to_exists(gvk: Gvk) -> None:
    names = set(references(load_kinds()[gvk]))
    assert "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" in names
    assert {name for name in names if NEWEST.definition(name) is None} == set()
    assert validator(gvk) is not None


def references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if BUILTIN_REF in schema:
            yield schema[BUILTIN_REF]
        for value in schema.values():
            yield from references(value)


@pytest.mark.parametrize(
    ("gvk", "route", "wrong"),
    [
        (("argoproj.io", "v1alpha1", "Application"), ("syncPolicy", "automated", "prune"), "yes"),
        (("argoproj.io", "v1alpha1", "Application"), ("destination", "cluster"), "in-cluster"),
        (("argoproj.io", "v1alpha1", "Rollout"), ("template", "spec", "container"), []),
        (("helm.toolkit.fluxcd.io", "v2", "HelmRelease"), ("interval",), 5),
        (("helm.toolkit.fluxcd.io", "v2", "HelmRelease"), ("install", "crds"), "Replace"),
        (("kustomize.toolkit.fluxcd.io", "v1", "Kustomization"), ("sourceRef", "kind"), "Git"),
        (("kustomize.toolkit.fluxcd.io", "v1", "Kustomization"), ("prune",), "true"),
        (("source.toolkit.fluxcd.io", "v1", "OCIRepository"), ("url",), "https://ghcr.io/a/b"),
        (("cert-manager.io", "v1", "Certificate"), ("dnsNames",), "web.example.com"),
        (("gateway.networking.k8s.io", "v1", "Gateway"), ("listeners", 0, "port"), "443"),
        (("monitoring.coreos.com", "v1", "PrometheusRule"), ("groups", 0, "rules", 0, "expr"), {}),
    ],
)
def test_a_wrong_value_is_found(gvk: Gvk, route: tuple[Any, ...], wrong: object) -> None:
    good = next(case.values[0] for case in objects() if gvk_of(case.values[0]) == gvk)
    changed = copy.deepcopy(good)
    part = changed["spec"]
    for step in route[:-1]:
        part = part[step]
    part[route[-1]] = wrong
    assert validator(gvk).is_valid(good)
    assert not validator(gvk).is_valid(changed)


@pytest.mark.parametrize(
    ("gvk", "missing"),
    [
        (("argoproj.io", "v1alpha1", "Application"), "destination"),
        (("argoproj.io", "v1alpha1", "ApplicationSet"), "generators"),
        (("helm.toolkit.fluxcd.io", "v2", "HelmRelease"), "interval"),
        (("kustomize.toolkit.fluxcd.io", "v1", "Kustomization"), "sourceRef"),
        (("cert-manager.io", "v1", "Certificate"), "issuerRef"),
        (("flagger.app", "v1beta1", "Canary"), "targetRef"),
    ],
)
def test_a_missing_field_is_found(gvk: Gvk, missing: str) -> None:
    good = next(case.values[0] for case in objects() if gvk_of(case.values[0]) == gvk)
    spec = {key: value for key, value in good["spec"].items() if key != missing}
    assert validator(gvk).is_valid(good)
    assert not validator(gvk).is_valid({**good, "spec": spec})
