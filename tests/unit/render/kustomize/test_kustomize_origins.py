"""Each rendered value is traced to the line that set it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from gitops_ci.model.span import Route
from gitops_ci.render.kustomize.engine import KustomizeEngine
from gitops_ci.render.objects import RenderedObject
from gitops_ci.repo.files import Files
from gitops_ci.repo.memory import MemoryTree
from tests.unit.render.kustomize.overlays import MARK, Overlays

SHARE = 0.99
"""The share of values that must be traced to exactly the line that set them."""

BASE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: app
          image: nginx:1
          resources: {limits: {cpu: 1}}
"""
OVERLAY = """\
resources: [../base]
namePrefix: x-
images:
  - name: nginx
    newTag: "2"
labels:
  - pairs:
      team: shop
configMapGenerator:
  - name: settings
    literals:
      - LEVEL=info
    envs: [settings.env]
patches:
  - patch: |-
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
      spec:
        replcas: 3
        template:
          spec:
            containers:
            - name: first
              image: other
            - name: app
              env:
              - name: A
                valu: q
  - target: {kind: Deployment}
    patch: '[{"op":"add","path":"/spec/paused","value":"yes"}]'
  - target: {kind: Deployment}
    patch: >-
      [{"op":"add","path":"/spec/folded",

      "value":"here"}]
"""
TREE = {
    "base/kustomization.yaml": "resources: [deployment.yaml]\n",
    "base/deployment.yaml": BASE,
    "overlay/kustomization.yaml": OVERLAY,
    "overlay/settings.env": "# settings\n\nCOLOR=red\n",
}
OVER, DEPLOY = "overlay/kustomization.yaml", "base/deployment.yaml"
CONTAINERS = ("spec", "template", "spec", "containers")
LIMITS = (*CONTAINERS, 1, "resources", "limits")


def _objects() -> dict[str, RenderedObject]:
    built = KustomizeEngine(Files(MemoryTree(TREE))).build("overlay")
    return {item.value["kind"]: item for item in built.objects}


@pytest.mark.parametrize(
    ("kind", "route", "key", "path", "line", "text"),
    [
        ("Deployment", ("spec", "replcas"), True, OVER, 21, "replcas"),
        ("Deployment", ("spec", "replcas"), False, OVER, 21, "3"),
        ("Deployment", (*CONTAINERS, 0, "image"), False, OVER, 26, "other"),
        ("Deployment", (*CONTAINERS, 1, "env", 0, "valu"), True, OVER, 30, "valu"),
        ("Deployment", (*CONTAINERS, 1, "env", 0, "value"), False, OVER, 29, "name: A"),
        ("Deployment", (*CONTAINERS, 1, "image"), False, OVER, 5, '"2"'),
        ("Deployment", (*CONTAINERS, 1, "image"), True, DEPLOY, 10, "image"),
        ("Deployment", (*CONTAINERS, 1, "name"), False, DEPLOY, 9, "app"),
        ("Deployment", (*CONTAINERS, 1, "livenessProbe"), False, DEPLOY, 9, "name: app"),
        ("Deployment", (*LIMITS, "memory"), False, DEPLOY, 11, "limits"),
        ("Deployment", ("metadata", "name"), False, DEPLOY, 4, "web"),
        ("Deployment", ("metadata", "labels", "team"), False, OVER, 8, "shop"),
        ("Deployment", ("spec", "paused"), False, OVER, 32, '"yes"'),
        ("Deployment", ("spec", "paused"), True, OVER, 32, '"/spec/paused"'),
        ("Deployment", ("spec", "folded"), False, OVER, 37, '"here"'),
        ("Deployment", ("spec", "strategy", "type"), False, DEPLOY, 5, "spec"),
        ("Deployment", ("kind",), False, DEPLOY, 2, "Deployment"),
        ("ConfigMap", ("data", "LEVEL"), False, OVER, 12, "LEVEL=info"),
        ("ConfigMap", ("data", "COLOR"), False, "overlay/settings.env", 3, "COLOR=red"),
        ("ConfigMap", ("metadata", "name"), False, OVER, 10, "settings"),
    ],
)  # fmt: skip
def test_a_value_is_traced_to_its_place(
    kind: str, route: Route, key: bool, path: str, line: int, text: str
) -> None:
    trace = _objects()[kind].origin.trace(route, key=key)
    location = trace.location
    assert (location.path, location.line) == (path, line)
    assert location.span is not None
    assert TREE[path][location.span.start : location.span.end] == text


def test_the_chain_names_every_station() -> None:
    deployment = _objects()["Deployment"]
    image = deployment.origin.trace((*CONTAINERS, 1, "image"))
    assert [step.what for step in image.chain] == ["resource", "images entry"]
    name = deployment.origin.trace(("metadata", "name"))
    assert [(step.what, step.location.line) for step in name.chain] == [
        ("resource", 4),
        ("name prefix", 2),
    ]


def _strings(value: Any, route: Route = ()) -> Iterator[tuple[Route, str]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _strings(item, (*route, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, (*route, index))
    elif isinstance(value, str):
        yield route, value


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5])
def test_seeded_values_are_traced_through_generated_overlays(depth: int) -> None:
    """Every written value is unique, so the rendered one says which line must be named."""
    right = total = 0
    for seed in range(12):
        files = Overlays(seed * 5 + depth, depth).files
        lines = {
            mark: (path, number)
            for path, text in files.items()
            for number, line in enumerate(text.split("\n"), start=1)
            for mark in re.findall(MARK, line)
        }
        built = KustomizeEngine(Files(MemoryTree(files))).build(f"layer{depth}")
        for item in built.objects:
            for route, value in _strings(item.value):
                places = {lines[mark] for mark in re.findall(MARK, value)}
                if not places or route == ("metadata", "name"):
                    continue
                found = item.origin.trace(route).location
                header = (found.path, found.line + 1)  # a block scalar starts above its text
                right += (found.path, found.line) in places or header in places
                total += 1
    assert total > 200
    assert right >= SHARE * total
