from __future__ import annotations

from textwrap import dedent

import pytest

from tests.support.rendering import (
    findings_of,
    lines,
    objects_of,
    origin_line,
    render_tree,
    skips_of,
)

HEAD = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
DEPLOYMENT = dedent(
    """\
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: ${replicas}
      template:
        spec:
          containers:
            - name: web
              image: nginx:1.0
              env:
                - {name: HOST, value: "${host:=localhost}"}
    """
)


def _flux(spec: str, name: str = "apps") -> str:
    body = "".join(f"  {line}\n" for line in dedent(spec).splitlines())
    return f"{HEAD}metadata:\n  name: {name}\n  namespace: flux-system\nspec:\n{body}"


def _tree(spec: str, **more: str) -> dict[str, str]:
    tree = {"clusters/prod/apps.yaml": _flux(spec), "apps/web.yaml": DEPLOYMENT}
    return tree | {path.replace("__", "/") + ".yaml": text for path, text in more.items()}


def test_variables_become_typed_values_from_the_line_that_sets_them() -> None:
    rendered = render_tree(
        _tree("path: ./apps\npostBuild:\n  substitute: {replicas: '3', host: shop.example}")
    )
    (web,) = objects_of(rendered, "Deployment")
    assert web.value["spec"]["replicas"] == 3
    container = web.value["spec"]["template"]["spec"]["containers"][0]
    assert container["env"][0]["value"] == "shop.example"
    assert origin_line(web, "spec", "replicas") == "clusters/prod/apps.yaml:9"
    route = ("spec", "template", "spec", "containers", 0)
    assert origin_line(web, *route, "env", 0, "value") == "clusters/prod/apps.yaml:9"
    assert origin_line(web, *route, "image") == "apps/web.yaml:11"
    (*_, last) = web.origin.trace(("spec", "replicas")).chain
    assert last.what == "variable replicas"
    assert findings_of(rendered) == []


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("${host}", "clusters/prod/vars.yaml:4"),
        ("${host:=x}", "clusters/prod/vars.yaml:4"),
        ("https://${host}", "apps/web.yaml:3"),
        ("${empty:=x}", "apps/web.yaml:3"),
        ("${gone:=x}", "apps/web.yaml:3"),
        ("$${host}", "apps/web.yaml:3"),
    ],
)
def test_the_line_of_a_text_with_variables(value: str, line: str) -> None:
    spec = "path: ./apps\npostBuild:\n  substituteFrom: [{kind: ConfigMap, name: vars}]"
    web = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: web, annotations: {{a: '{value}'}}}}\n"
    tree = {
        "clusters/prod/apps.yaml": _flux(spec),
        "clusters/prod/vars.yaml": (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: vars, namespace: flux-system}\n"
            "data: {host: shop.example, empty: ''}\n"
        ),
        "apps/web.yaml": web,
    }
    (secret,) = objects_of(render_tree(tree), "Secret")
    assert origin_line(secret, "metadata", "annotations", "a") == line


def test_without_a_substitution_the_text_stays() -> None:
    (web,) = objects_of(render_tree(_tree("path: ./apps")), "Deployment")
    assert web.value["spec"]["replicas"] == "${replicas}"


def test_an_undefined_variable_is_a_warning_on_its_line() -> None:
    rendered = render_tree(_tree("path: ./apps\npostBuild:\n  substitute: {other: x}"))
    assert lines(findings_of(rendered)) == [("flux/undefined-variable", "apps/web.yaml", 6)]


@pytest.mark.parametrize(
    ("source", "silent"),
    [
        ("{kind: Secret, name: vars}", True),
        ("{kind: ConfigMap, name: elsewhere}", True),
        ("{kind: ConfigMap, name: elsewhere, optional: true}", False),
        ("{kind: ConfigMap, name: vars}", False),
    ],
)
def test_it_is_silent_when_a_source_cannot_be_seen(source: str, silent: bool) -> None:
    spec = f"path: ./apps\npostBuild:\n  substitute: {{a: b}}\n  substituteFrom: [{source}]"
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: vars, namespace: flux-system}\n"
    rendered = render_tree(_tree(spec, clusters__prod__vars=config + "data: {host: x}\n"))
    assert bool(findings_of(rendered)) is not silent
    (web,) = objects_of(rendered, "Deployment")
    assert web.value["spec"]["replicas"] == ("${replicas}" if silent else None)


def test_a_config_map_of_the_repository_gives_its_values() -> None:
    spec = "path: ./apps\npostBuild:\n  substituteFrom: [{kind: ConfigMap, name: vars}]"
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: vars, namespace: flux-system}\n"
    near = config + "data: {replicas: '5'}\n"
    far = config + "data: {replicas: '1'}\n"
    rendered = render_tree(_tree(spec, clusters__prod__vars=near, clusters__dev__vars=far))
    (web,) = objects_of(rendered, "Deployment")
    assert web.value["spec"]["replicas"] == 5


def test_patches_images_namespace_and_metadata_are_applied_and_traced() -> None:
    spec = """\
        path: ./apps
        targetNamespace: shop
        commonMetadata:
          labels:
            team: pay
        images:
          - name: nginx
            newTag: "2.0"
        patches:
          - target: {kind: Deployment}
            patch: |
              apiVersion: apps/v1
              kind: Deployment
              metadata:
                name: any
              spec:
                minReadySeconds: 9
        """
    rendered = render_tree(_tree(spec))
    (web,) = objects_of(rendered, "Deployment")
    assert web.value["metadata"]["namespace"] == "shop"
    assert web.value["metadata"]["labels"] == {"team": "pay"}
    assert web.value["spec"]["minReadySeconds"] == 9
    image = ("spec", "template", "spec", "containers", 0, "image")
    assert web.value["spec"]["template"]["spec"]["containers"][0]["image"] == "nginx:2.0"
    file = "clusters/prod/apps.yaml"
    assert origin_line(web, "metadata", "labels", "team") == f"{file}:11"
    assert origin_line(web, *image) == f"{file}:14"
    assert origin_line(web, "spec", "minReadySeconds") == f"{file}:23"
    assert origin_line(web, "metadata", "name") == "apps/web.yaml:4"


def test_a_broad_patch_that_meets_nothing_is_no_fault() -> None:
    spec = """\
        path: ./apps
        patches:
          - target: {kind: HelmRelease}
            patch: |
              - {op: add, path: /spec/suspend, value: true}
        """
    assert findings_of(render_tree(_tree(spec))) == []


def test_a_missing_path_is_found_where_it_is_written() -> None:
    rendered = render_tree(
        _tree("path: ./app\nsourceRef: {kind: GitRepository, name: flux-system}")
    )
    assert lines(findings_of(rendered)) == [("flux/path-not-found", "clusters/prod/apps.yaml", 7)]


def test_another_repository_is_left_alone() -> None:
    rendered = render_tree(_tree("path: ./nowhere\nsourceRef: {kind: GitRepository, name: team}"))
    (skip,) = [item for item in skips_of(rendered) if item.reason == "other-repository"]
    assert skip.path == "clusters/prod/apps.yaml#Kustomization/flux-system/apps"


def test_an_object_can_opt_out_of_the_substitution() -> None:
    opted = DEPLOYMENT.replace(
        "name: web\nspec",
        "name: web\n  annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}\nspec",
    )
    tree = _tree("path: ./apps\npostBuild:\n  substitute: {replicas: '3'}")
    (web,) = objects_of(render_tree(tree | {"apps/web.yaml": opted}), "Deployment")
    assert web.value["spec"]["replicas"] == "${replicas}"


def test_encrypted_values_stay_opaque_and_the_sops_block_goes() -> None:
    secret = dedent(
        """\
        apiVersion: v1
        kind: Secret
        metadata: {name: s}
        stringData: {password: "ENC[AES256_GCM,data:abc,iv:x,tag:y,type:str]"}
        sops: {mac: "ENC[x]", version: 3.9.0}
        """
    )
    tree = _tree("path: ./apps\ndecryption: {provider: sops}", apps__secret=secret)
    secrets = objects_of(render_tree(tree), "Secret")
    assert [set(item.value) for item in secrets] == [
        {"apiVersion", "kind", "metadata", "stringData"}
    ]


def test_kustomizations_of_kustomizations_are_followed_and_a_circle_is_found() -> None:
    tree = {
        "clusters/prod/all.yaml": _flux("path: ./apps", "all"),
        "apps/back.yaml": _flux("path: ./clusters/prod", "back"),
    }
    rendered = render_tree(tree)
    names = {item.root.deployer for item in rendered if item.objects and item.root.deployer}
    assert names == {
        "clusters/prod/all.yaml#Kustomization/flux-system/all",
        "apps/back.yaml#Kustomization/flux-system/back",
    }
    assert {finding.rule.id for finding in findings_of(rendered)} == {"flux/cycle"}


def test_a_kustomization_that_applies_itself_is_how_flux_is_installed() -> None:
    tree = {"clusters/prod/sync.yaml": _flux("path: ./clusters/prod", "flux-system")}
    assert findings_of(render_tree(tree)) == []
