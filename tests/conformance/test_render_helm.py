"""Charts through the real helm: what it prints, and where our findings about it point."""

from __future__ import annotations

from textwrap import dedent

import pytest

from gitops_ci.render.helm.release import Release
from gitops_ci.render.helm.values import file_layer
from gitops_ci.render.programs import LocalPrograms
from gitops_ci.render.result import Result
from tests.support.rendering import (
    findings_of,
    lines,
    objects_of,
    origin_line,
    render_tree,
    renderer_of,
)
from tests.support.tools import require_tool

CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\nkubeVersion: '>=1.25.0-0'\n",
    "chart/values.yaml": "replicas: 1\nimage: {name: nginx, tag: '1.27'}\nhost: ''\n",
    "chart/templates/web.yaml": dedent(
        """\
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}-web
          namespace: {{ .Release.Namespace }}
        spec:
          replicas: {{ .Values.replicas }}
          template:
            spec:
              containers:
                - name: web
                  image: "{{ .Values.image.name }}:{{ .Values.image.tag }}"
        """
    ),
    "chart/templates/tests/check.yaml": (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: t, annotations: {helm.sh/hook: test}}\n"
    ),
    "chart/crds/crd.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
    "metadata: {name: x.example.com}\n",
    "prod.yaml": "replicas: 3\n",
}


@pytest.fixture(autouse=True)
def _helm() -> None:
    require_tool("helm")


def _render(files: dict[str, str], *, deployed: bool = True) -> Result:
    context = renderer_of(files, programs=LocalPrograms()).context
    layers = (file_layer(context.files, "prod.yaml"),)
    return context.helm.render(Release("chart", "eu", "shop", layers, deployed=deployed))


def test_values_and_templates_are_told_apart() -> None:
    result = _render(CHART)
    assert result.findings == ()
    by_kind = {item.ref.kind: item for item in result.objects}
    assert set(by_kind) == {"Deployment", "CustomResourceDefinition"}
    web = by_kind["Deployment"]
    assert (web.ref.name, web.ref.namespace) == ("eu-web", "shop")
    assert origin_line(web, "spec", "replicas") == "prod.yaml:1"
    container = ("spec", "template", "spec", "containers", 0)
    assert origin_line(web, *container, "image") == "chart/values.yaml:2"
    assert origin_line(web, *container, "name") == "chart/templates/web.yaml:11"
    assert origin_line(by_kind["CustomResourceDefinition"], "kind") == "chart/crds/crd.yaml:2"


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        (
            "chart/templates/x.yaml",
            'a: 1\nb: {{ required "say it" .Values.gone }}\n',
            ("chart/templates/x.yaml", 2),
        ),
        ("chart/templates/x.yaml", "a: {{ .Values.gone.deep }}\n", ("chart/templates/x.yaml", 1)),
        ("chart/templates/x.yaml", "a: {{ .Values.host.deep }}\n", ("chart/values.yaml", 3)),
        ("chart/templates/x.yaml", "a: 1\nb: {{ if }}\n", ("chart/templates/x.yaml", 2)),
        ("chart/templates/x.yaml", "a: b: c\n", ("chart/templates/x.yaml", 1)),
        ("chart/templates/x.yaml", '{{ include "no.such" . }}\n', ("chart/templates/x.yaml", 1)),
        (
            "chart/values.schema.json",
            '{"properties": {"replicas": {"type": "string"}}}',
            ("prod.yaml", 1),
        ),
        (
            "chart/Chart.yaml",
            "apiVersion: v2\nname: shop\nversion: 1.0.0\nkubeVersion: '<1.20.0'\n",
            ("chart/Chart.yaml", 1),
        ),
    ],
)
def test_each_failure_of_helm_points_at_its_cause(
    path: str, text: str, place: tuple[str, int]
) -> None:
    result = _render(CHART | {path: text})
    assert lines(result.findings) == [("helm/template-failed", *place)]
    assert "/tmp" not in result.findings[0].message


def test_a_template_cannot_read_what_lies_outside_the_repository() -> None:
    probe = {
        "chart/templates/x.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n"
        '  a: {{ .Files.Get "../../../../etc/hostname" | quote }}\n'
        '  b: {{ .Files.Get "link" | quote }}\n'
    }
    renderer = renderer_of(
        CHART | probe, programs=LocalPrograms(), links={"chart/link": "/etc/hostname"}
    )
    result = renderer.context.helm.render(Release("chart"))
    (config,) = [item for item in result.objects if item.ref.kind == "ConfigMap"]
    assert config.value["data"] == {"a": "", "b": ""}


def test_a_local_dependency_is_vendored_and_its_values_are_found() -> None:
    files = CHART | {
        "chart/Chart.yaml": CHART["chart/Chart.yaml"]
        + "dependencies: [{name: db, version: 1.x, repository: 'file://../db', alias: store}]\n",
        "chart/values.yaml": CHART["chart/values.yaml"] + "store:\n  size: 5\n",
        "db/Chart.yaml": "apiVersion: v2\nname: db\nversion: 1.0.0\n",
        "db/values.yaml": "size: 1\nmode: fast\n",
        "db/templates/db.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: db\ndata:\n"
        "  size: {{ .Values.size | quote }}\n  mode: {{ .Values.mode | quote }}\n",
    }
    (config,) = [item for item in _render(files).objects if item.ref.kind == "ConfigMap"]
    assert config.value["data"] == {"size": "5", "mode": "fast"}
    assert origin_line(config, "data", "size") == "chart/values.yaml:5"
    assert origin_line(config, "data", "mode") == "db/values.yaml:2"


def test_an_application_renders_its_chart_with_all_kinds_of_values() -> None:
    url = "https://git.example/org/repo"
    application = dedent(
        f"""\
        apiVersion: argoproj.io/v1alpha1
        kind: Application
        metadata: {{name: shop}}
        spec:
          destination: {{namespace: store}}
          sources:
            - repoURL: {url}
              ref: values
            - repoURL: {url}
              path: chart
              helm:
                valueFiles: [$values/prod.yaml, missing.yaml]
                ignoreMissingValueFiles: true
                valuesObject:
                  host: shop.example
                parameters:
                  - name: image.tag
                    value: "2.0"
                    forceString: true
        """
    )
    rendered = render_tree(
        CHART | {"argocd/app.yaml": application}, programs=LocalPrograms(), remotes=(url,)
    )
    assert findings_of(rendered) == []
    own = [item for item in rendered if item.root.kind == "argocd-application"]
    (web,) = objects_of(own, "Deployment")
    assert web.ref.namespace == "store"
    assert web.value["spec"]["replicas"] == 3
    image = ("spec", "template", "spec", "containers", 0, "image")
    assert web.value["spec"]["template"]["spec"]["containers"][0]["image"] == "nginx:2.0"
    assert origin_line(web, *image) == "argocd/app.yaml:18"


def test_a_helm_release_renders_its_chart_with_inline_values() -> None:
    release = dedent(
        """\
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata: {name: shop, namespace: store}
        spec:
          targetNamespace: target
          chart:
            spec:
              chart: ./chart
              sourceRef: {kind: GitRepository, name: flux-system}
          valuesFrom:
            - {kind: ConfigMap, name: shop-values}
          values:
            replicas: 7
        """
    )
    values = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop-values, namespace: store}\n"
        "data:\n  values.yaml: |\n    replicas: 1\n    image: {name: other, tag: '9.9'}\n"
    )
    files = CHART | {"releases/shop.yaml": release, "releases/values.yaml": values}
    rendered = render_tree(files, programs=LocalPrograms())
    own = [item for item in rendered if item.root.kind == "flux-helmrelease"]
    (web,) = objects_of(own, "Deployment")
    assert (web.ref.name, web.ref.namespace) == ("target-shop-web", "target")
    assert web.value["spec"]["replicas"] == 7
    assert origin_line(web, "spec", "replicas") == "releases/shop.yaml:13"
    image = ("spec", "template", "spec", "containers", 0, "image")
    assert origin_line(web, *image) == "releases/values.yaml:5"


def test_a_chart_in_a_kustomization_is_inflated() -> None:
    files = CHART | {
        "app/kustomization.yaml": "helmCharts:\n  - name: chart\n    releaseName: eu\n"
        "    valuesInline: {replicas: 4}\nhelmGlobals: {chartHome: ..}\n",
    }
    rendered = render_tree(files, programs=LocalPrograms())
    own = [item for item in rendered if item.root.path == "app"]
    (web,) = objects_of(own, "Deployment")
    assert web.value["spec"]["replicas"] == 4
