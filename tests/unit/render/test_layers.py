from __future__ import annotations

import pytest

from gitops_ci.documents.read import read
from gitops_ci.render.fetched.model import Closed
from gitops_ci.render.kustomize.failure import UnsupportedError
from gitops_ci.render.layer import Layer, merged
from gitops_ci.render.native import NativeEngine
from gitops_ci.render.origins import SourceOrigin
from gitops_ci.render.programs import LocalPrograms
from tests.support.rendering import objects_of, origin_line, render_tree, renderer_of
from tests.support.tools import require_tool

DEPLOYER = "kind: Application\nspec:\n  images: [nginx:2]\n"
FILES = {
    "app.yaml": DEPLOYER,
    "app/kustomization.yaml": (
        "resources: [web.yaml]\nnamePrefix: own-\n"
        "images:\n  - {name: nginx, newName: mirror/nginx}\n"
    ),
    "app/web.yaml": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
        "spec: {template: {spec: {containers: [{name: c, image: 'nginx:1'}]}}}\n"
    ),
}


def _layer(**fields: object) -> Layer:
    origin = SourceOrigin(read("app.yaml", DEPLOYER.encode()), 0)
    return Layer("app", dict(fields), dict.fromkeys(fields, ("spec", "images")), origin)


@pytest.mark.parametrize(
    ("own", "fields", "expected"),
    [
        ({}, {"namePrefix": "x-"}, {"namePrefix": "x-"}),
        ({"namePrefix": "y-"}, {"namePrefix": "x-"}, {"namePrefix": "x-"}),
        ({"patches": [1]}, {"patches": [2]}, {"patches": [1, 2]}),
        (
            {"images": [{"name": "a"}, {"name": "b", "newTag": "1"}]},
            {"images": [{"name": "b", "newTag": "2"}]},
            {"images": [{"name": "a"}, {"name": "b", "newTag": "2"}]},
        ),
        (
            {"commonLabels": {"a": "1", "b": "1"}},
            {"commonLabels": {"b": "2"}},
            {"commonLabels": {"a": "1", "b": "2"}},
        ),
    ],
)
def test_fields_are_written_into_the_kustomization(
    own: dict[str, object], fields: dict[str, object], expected: dict[str, object]
) -> None:
    before = dict(own)
    assert merged(own, _layer(**fields)) == expected
    assert own == before


@pytest.mark.parametrize(
    ("fields", "clashes"),
    [
        ({"images": [{"name": "nginx", "newTag": "2"}]}, True),
        ({"namePrefix": "x-"}, True),
        ({"namespace": "shop"}, False),
    ],
)
def test_fields_that_clash_are_left_to_the_binary_if_there_is_one(
    fields: dict[str, object], clashes: bool
) -> None:
    context = renderer_of(FILES).context
    layer = _layer(**fields)
    alone = NativeEngine(context.files, context.options, context.helm, Closed(), lambda: False)
    assert len(alone.build_layer(layer).objects) == 1
    helped = NativeEngine(context.files, context.options, context.helm, Closed(), lambda: True)
    if clashes:
        with pytest.raises(UnsupportedError, match="by the controller"):
            helped.build_layer(layer)
    else:
        assert len(helped.build_layer(layer).objects) == 1


def test_the_binary_builds_a_layer_in_a_shadow_of_the_directory() -> None:
    require_tool("kustomize")
    url = "https://git.example/org/repo"
    application = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\n"
        f"spec:\n  source:\n    repoURL: {url}\n    path: app\n"
        "    kustomize:\n      images:\n        - nginx=other/nginx:2\n"
    )
    files = FILES | {
        "argocd/web.yaml": application,
        "base/kustomization.yaml": "resources: [cm.yaml]\n",
        "base/cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n",
    }
    files["app/kustomization.yaml"] = files["app/kustomization.yaml"].replace(
        "[web.yaml]", "[web.yaml, ../base]"
    )
    rendered = render_tree(files, programs=LocalPrograms(), remotes=(url,))
    own = [item for item in rendered if item.root.kind == "argocd-application"]
    (web,) = objects_of(own, "Deployment")
    assert [item.ref.name for item in objects_of(own)] == ["own-c", "own-web"]
    image = ("spec", "template", "spec", "containers", 0, "image")
    assert web.value["spec"]["template"]["spec"]["containers"][0]["image"] == "other/nginx:2"
    assert origin_line(web, *image) == "argocd/web.yaml:10"
    assert origin_line(web, "kind") == "app/web.yaml:2"
