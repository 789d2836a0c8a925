"""Only files that are certain to hold no site are passed over; the cases show that none is lost."""

from __future__ import annotations

import pytest

from gitops_ci.documents.read import read
from gitops_ci.repo.sites.signs import may_hold_sites

_CRD = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {a: image}\n"
WORTH_A_LOOK = {
    "Deployment": ("a.yaml", "spec: {containers: [{image: web}]}"),
    "key in capitals": ("a.yaml", "env: [{name: RELATED_IMAGE, value: web:1}]"),
    "escaped key": ("a.yaml", '"im\\x61ge": web:1'),
    "dependencies without an address": ("c/Chart.yaml", "dependencies: [{name: a, version: 1}]"),
    "marker": ("a.yaml", "v: 1  # renovate: datasource=docker depName=web"),
    "remote base": ("kustomization.yaml", "resources: ['https://git.example/a?ref=v1']"),
    "JSON patch": ("p.yaml", "- {op: replace, path: /spec/version, value: 1}"),
    "what Argo CD overrides": (".argocd-source-web.yaml", "helm: {}"),
    "JSON": ("a.json", "{}"),
    "definition with a marker": ("a.yaml", f"{_CRD}  # renovate: datasource=docker depName=web\n"),
    "definition and more": ("a.yaml", f"{_CRD}---\nspec: {{image: web:1}}\n"),
}
NOTHING_IN_IT = {
    "definition that speaks of images": ("a.yaml", _CRD),
    "two of them": ("a.yaml", f"{_CRD}---\n{_CRD}"),
    "Service": ("a.yaml", "apiVersion: v1\nkind: Service\nspec: {ports: [{port: 80}]}"),
    "patch of a replica count": ("a.yaml", "kind: Deployment\nspec: {replicas: 3}"),
}


@pytest.mark.parametrize("name", WORTH_A_LOOK)
def test_worth_a_look(name: str) -> None:
    path, text = WORTH_A_LOOK[name]
    assert may_hold_sites(read(path, text.encode()))


@pytest.mark.parametrize("name", NOTHING_IN_IT)
def test_nothing_in_it(name: str) -> None:
    path, text = NOTHING_IN_IT[name]
    assert not may_hold_sites(read(path, text.encode()))
