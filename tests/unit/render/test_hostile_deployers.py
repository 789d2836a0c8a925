"""Whatever stands in a deployer's fields, rendering ends with findings and skips."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.rendering import FakePrograms, prints, render_tree

URL = "https://git.example/org/repo"
ODD = (
    None,
    True,
    3,
    "",
    "x",
    "../..",
    "/",
    "${",
    "{{",
    "{{ .x",
    [],
    [None],
    [[]],
    {},
    {"": None},
    {"a": [1]},
)
OPERATION = '[{"op": "add", "path": "/data/z", "value": "1"}]'

APPLICATION = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "Application",
    "metadata": {"name": "app", "namespace": "argocd"},
    "spec": {
        "destination": {"namespace": "shop"},
        "sources": [
            {
                "repoURL": URL,
                "path": "app",
                "kustomize": {
                    "namePrefix": "a-",
                    "images": ["nginx:2"],
                    "replicas": [{"name": "web", "count": 2}],
                    "commonLabels": {"a": "b"},
                    "patches": [{"target": {"kind": "ConfigMap"}, "patch": OPERATION}],
                },
            },
            {
                "repoURL": URL,
                "path": "chart",
                "helm": {
                    "valueFiles": ["$ref/v.yaml", "v.yaml"],
                    "values": "a: b",
                    "parameters": [{"name": "a.b", "value": "c"}],
                    "fileParameters": [{"name": "a", "path": "v.yaml"}],
                },
            },
            {"repoURL": URL, "ref": "ref"},
            {"repoURL": URL, "path": "plain", "directory": {"recurse": True, "include": "*"}},
        ],
    },
}
SET = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "ApplicationSet",
    "metadata": {"name": "set"},
    "spec": {
        "goTemplate": True,
        "goTemplateOptions": ["missingkey=error"],
        "generators": [
            {"list": {"elements": [{"a": "app"}]}, "selector": {"matchLabels": {"a": "app"}}},
            {
                "git": {
                    "repoURL": URL,
                    "directories": [{"path": "*"}],
                    "values": {"x": "{{.path.path}}"},
                }
            },
            {"git": {"repoURL": URL, "files": [{"path": "plain/*.yaml"}]}},
            {"matrix": {"generators": [{"list": {"elements": [{"a": "b"}]}}, {"clusters": {}}]}},
            {"merge": {"mergeKeys": ["a"], "generators": [{"list": {"elements": [{"a": "b"}]}}]}},
        ],
        "template": {
            "metadata": {"name": "{{ .a }}"},
            "spec": {"source": {"repoURL": URL, "path": "{{ .a }}"}},
        },
        "templatePatch": "spec: {project: x}",
    },
}
KUSTOMIZATION = {
    "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
    "kind": "Kustomization",
    "metadata": {"name": "k", "namespace": "flux-system"},
    "spec": {
        "path": "./app",
        "targetNamespace": "shop",
        "commonMetadata": {"labels": {"a": "b"}, "annotations": {"c": "d"}},
        "patches": [{"target": {"kind": "ConfigMap", "name": "c"}, "patch": OPERATION}],
        "images": [{"name": "nginx", "newTag": "2"}],
        "components": ["../component"],
        "postBuild": {
            "substitute": {"a": "b"},
            "substituteFrom": [{"kind": "ConfigMap", "name": "c"}],
        },
        "decryption": {"provider": "sops"},
    },
}
RELEASE = {
    "apiVersion": "helm.toolkit.fluxcd.io/v2",
    "kind": "HelmRelease",
    "metadata": {"name": "r", "namespace": "flux-system"},
    "spec": {
        "chart": {
            "spec": {
                "chart": "./chart",
                "sourceRef": {"kind": "GitRepository", "name": "flux-system"},
                "valuesFiles": ["v.yaml"],
            }
        },
        "valuesFrom": [{"kind": "ConfigMap", "name": "c", "valuesKey": "a"}],
        "values": {"a": {"b": 1}},
        "postRenderers": [{}],
    },
}
FILES = {
    "app/kustomization.yaml": "resources: [c.yaml]\n",
    "app/c.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: 'x${a}'}\n",
    "plain/d.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: d}\n",
    "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
    "chart/values.yaml": "a: 1\n",
    "v.yaml": "a: 1\n",
    "component/kustomization.yaml": (
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -x\n"
    ),
}


def _variants(value: Any) -> Iterator[Any]:
    """The object with each of its values replaced by each odd one."""
    stack: list[tuple[str | int, ...]] = [()]
    while stack:
        route = stack.pop()
        part = value
        for step in route:
            part = part[step]
        if isinstance(part, dict):
            stack.extend((*route, key) for key in part)
        elif isinstance(part, list):
            stack.extend((*route, index) for index in range(len(part)))
        if route[:1] == ("spec",):
            for odd in ODD:
                yield _with(value, route, odd)


def _with(value: Any, route: tuple[str | int, ...], odd: Any) -> Any:
    result = copy.deepcopy(value)
    part = result
    for step in route[:-1]:
        part = part[step]
    part[route[-1]] = odd
    return result


@pytest.mark.full
@pytest.mark.parametrize("whole", [APPLICATION, SET, KUSTOMIZATION, RELEASE])
def test_no_field_breaks_rendering(whole: dict[str, Any]) -> None:
    programs = FakePrograms({"helm": prints("---\n# Source: chart/templates/x.yaml\nkind: X\n")})
    whole_tree = FILES | {"deploy/x.yaml": json.dumps(whole)}
    sound = render_tree(whole_tree, programs=programs, remotes=(URL,))
    assert any(item.root.deployer and item.objects for item in sound)
    count = 0
    for variant in _variants(whole):
        files = FILES | {"deploy/x.yaml": json.dumps(variant)}
        rendered = render_tree(files, programs=programs, remotes=(URL,))
        assert rendered
        for item in rendered:
            for made in item.objects:
                assert made.origin.trace(("spec", "x")).location.path
        count += 1
    assert count > 100
