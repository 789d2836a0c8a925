from __future__ import annotations

from textwrap import dedent, indent

import pytest

from tests.support.rendering import (
    findings_of,
    lines,
    objects_of,
    origin_line,
    render_tree,
    skips_of,
)

URL = "https://git.example/org/repo"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\ndata: {{a: b}}\n"
DEPLOYMENT = dedent(
    """\
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        spec:
          containers: [{name: web, image: "nginx:1.0"}]
    """
)


def _app(source: str, name: str = "web", key: str = "source") -> str:
    head = f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: {name}\n"
    where = "  destination: {namespace: shop, name: in-cluster}\n"
    return f"{head}spec:\n{where}  {key}:\n{indent(dedent(source), '    ')}"


def _source(path: str, more: str = "", url: str = URL) -> str:
    return f"repoURL: {url}\npath: {path}\n{dedent(more)}"


def _render(source: str, files: dict[str, str], **options: object):
    tree = {"argocd/web.yaml": _app(source), **files}
    return render_tree(tree, remotes=(URL,), **options)


def test_a_directory_is_applied_as_it_is() -> None:
    files = {"apps/a.yaml": CONFIG.format("a"), "apps/deep/b.yaml": CONFIG.format("b")}
    rendered = _render(_source("apps"), files)
    own = [item for item in rendered if item.root.kind == "argocd-application"]
    assert [item.ref.name for item in objects_of(own)] == ["a"]


@pytest.mark.parametrize(
    ("directory", "names"),
    [
        ("{recurse: true}", ["a", "b", "c"]),
        ("{recurse: true, exclude: 'deep/*'}", ["a"]),
        ("{recurse: true, include: '{a,deep/b}.yaml'}", ["a", "b"]),
    ],
)
def test_directory_options(directory: str, names: list[str]) -> None:
    files = {
        "apps/a.yaml": CONFIG.format("a"),
        "apps/deep/b.yaml": CONFIG.format("b"),
        "apps/deep/c.yaml": CONFIG.format("c"),
        "apps/deep/d.yaml": "# +argocd:skip-file-rendering\n" + CONFIG.format("d"),
    }
    rendered = _render(_source("apps", f"directory: {directory}\n"), files)
    own = [item for item in rendered if item.root.kind == "argocd-application"]
    assert [item.ref.name for item in objects_of(own)] == names


def test_kustomize_options_act_and_are_traced() -> None:
    files = {
        "apps/kustomization.yaml": "resources: [web.yaml]\n",
        "apps/web.yaml": DEPLOYMENT,
    }
    more = "kustomize:\n  namePrefix: dev-\n  images:\n    - nginx:2.0\n"
    (web,) = objects_of(_render(_source("apps", more), files), "Deployment")
    assert web.value["metadata"]["name"] == "dev-web"
    image = ("spec", "template", "spec", "containers", 0, "image")
    assert web.value["spec"]["template"]["spec"]["containers"][0]["image"] == "nginx:2.0"
    assert origin_line(web, *image) == "argocd/web.yaml:13"


def test_several_sources_come_together() -> None:
    sources = f"""\
        - {{repoURL: {URL}, path: one}}
        - {{repoURL: {URL}, path: two}}
        - {{repoURL: https://charts.example, chart: redis, targetRevision: 1.2.3}}
        - {{repoURL: https://git.example/org/other, path: x}}
        """
    tree = {
        "argocd/web.yaml": _app(sources, key="sources"),
        "one/a.yaml": CONFIG.format("a"),
        "two/b.yaml": CONFIG.format("b"),
    }
    rendered = [
        item for item in render_tree(tree, remotes=(URL,)) if item.root.kind == "argocd-application"
    ]
    assert [item.ref.name for item in objects_of(rendered)] == ["a", "b"]
    assert {skip.reason for skip in skips_of(rendered)} == {"remote-chart", "other-repository"}


@pytest.mark.parametrize(
    ("source", "rule", "line"),
    [
        (_source("nowhere"), "argocd/path-not-found", 9),
        (_source("apps", "helm: {}\n"), "argocd/invalid-source", 9),
        (_source("apps", "helm: {}\nkustomize: {}\n"), "argocd/invalid-source", 11),
    ],
)
def test_what_cannot_work_is_found_on_its_line(source: str, rule: str, line: int) -> None:
    rendered = _render(source, {"apps/a.yaml": CONFIG.format("a")})
    assert lines(findings_of(rendered)) == [(rule, "argocd/web.yaml", line)]


def test_a_plugin_is_external() -> None:
    more = "plugin: {name: cdk8s}\n"
    rendered = _render(_source("apps", more), {"apps/a.yaml": CONFIG.format("a")})
    assert ("plugin", "a config management plugin (cdk8s) renders it") in {
        (skip.reason, skip.detail) for skip in skips_of(rendered)
    }


def test_parameters_next_to_the_manifests_override_the_source() -> None:
    files = {
        "apps/kustomization.yaml": "resources: [web.yaml]\n",
        "apps/web.yaml": DEPLOYMENT,
        "apps/.argocd-source-web.yaml": "kustomize: {images: ['nginx:3.0']}\n",
    }
    (web,) = objects_of(_render(_source("apps"), files), "Deployment")
    assert web.value["spec"]["template"]["spec"]["containers"][0]["image"] == "nginx:3.0"


def test_apps_of_apps_are_followed_and_a_circle_is_found() -> None:
    tree = {
        "argocd/root.yaml": _app(_source("apps"), "root"),
        "apps/child.yaml": _app(_source("argocd"), "child"),
    }
    rendered = render_tree(tree, remotes=(URL,))
    assert {finding.rule.id for finding in findings_of(rendered)} == {"argocd/app-cycle"}


def test_an_application_that_manages_itself_is_no_circle() -> None:
    tree = {"argocd/root.yaml": _app(_source("argocd"), "root")}
    assert findings_of(render_tree(tree, remotes=(URL,))) == []
