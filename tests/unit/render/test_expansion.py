from __future__ import annotations

from textwrap import dedent

from tests.support.rendering import (
    FakePrograms,
    findings_of,
    prints,
    render_change,
    render_tree,
)

URL = "https://git.example/org/repo"


def _app(name: str, path: str, more: str = "") -> str:
    return (
        f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: {name}}}\n"
        f"spec:\n  source: {{repoURL: '{URL}', path: {path}{more}}}\n"
    )


def _kinds(tree: dict[str, str], **more: object) -> dict[str, int]:
    rendered = render_tree(tree, remotes=(URL,), **more)
    return {item.root.name: len(item.objects) for item in rendered}


CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"


def test_a_chart_of_applications_leads_to_what_they_apply() -> None:
    tree = {
        "argocd/root.yaml": _app("root", "apps"),
        "apps/Chart.yaml": "apiVersion: v2\nname: apps\nversion: 1.0.0\n",
        "apps/templates/child.yaml": "kind: Application\n",
        "child/c.yaml": CONFIG,
    }
    output = "---\n# Source: apps/templates/child.yaml\n" + _app("child", "child")
    programs = FakePrograms({"helm": prints(output)})
    rendered = render_tree(tree, programs=programs, remotes=(URL,))
    assert {item.root.name: len(item.objects) for item in rendered} == {
        "argocd": 1,
        "argocd/root.yaml#Application/root": 1,
        "apps/templates/child.yaml#Application/child": 1,
    }
    (child,) = [item for item in rendered if item.root.path == "child"]
    assert child.objects[0].origin.trace(("kind",)).location.path == "child/c.yaml"


def test_an_applicationset_in_an_overlay_is_expanded_as_it_is_rendered() -> None:
    tree = {
        "argocd/base/kustomization.yaml": "resources: [set.yaml]\n",
        "argocd/base/set.yaml": dedent(
            f"""\
            apiVersion: argoproj.io/v1alpha1
            kind: ApplicationSet
            metadata: {{name: set}}
            spec:
              generators: [{{list: {{elements: [{{name: wrong}}]}}}}]
              template:
                metadata: {{name: "{{{{name}}}}"}}
                spec: {{source: {{repoURL: "{URL}", path: "apps/{{{{name}}}}"}}}}
            """
        ),
        "argocd/prod/kustomization.yaml": dedent(
            """\
            resources: [../base]
            patches:
              - target: {kind: ApplicationSet}
                patch: |
                  - {op: replace, path: /spec/generators/0/list/elements/0/name, value: shop}
            """
        ),
        "apps/shop/c.yaml": CONFIG,
    }
    assert _kinds(tree) == {
        "argocd/prod": 1,
        "argocd/base/set.yaml#Application/shop": 1,
    }


def test_the_same_deployer_is_followed_once_however_many_roots_hold_it() -> None:
    tree = {
        "base/kustomization.yaml": "resources: [app.yaml]\n",
        "base/app.yaml": _app("one", "apps"),
        "a/kustomization.yaml": "resources: [../base]\n",
        "b/kustomization.yaml": "resources: [../base]\n",
        "apps/c.yaml": CONFIG,
    }
    rendered = render_tree(tree, remotes=(URL,))
    names = [item.root.name for item in rendered]
    assert sorted(names) == ["a", "b", "base/app.yaml#Application/one"]


def test_each_form_of_a_deployer_is_followed() -> None:
    tree = {
        "base/kustomization.yaml": "resources: [app.yaml]\n",
        "base/app.yaml": _app("one", "apps"),
        "a/kustomization.yaml": "resources: [../base]\nnamePrefix: a-\n",
        "b/kustomization.yaml": "resources: [../base]\nnamePrefix: b-\n",
        "apps/c.yaml": CONFIG,
    }
    assert set(_kinds(tree)) == {
        "a",
        "b",
        "base/app.yaml#Application/a-one",
        "base/app.yaml#Application/b-one",
    }


def test_nesting_is_limited() -> None:
    tree = {"root/0.yaml": _app("app-0", "level/0")}
    for number in range(14):
        tree[f"level/{number}/x.yaml"] = _app(f"app-{number + 1}", f"level/{number + 1}")
    tree["level/14/c.yaml"] = CONFIG
    rendered = render_tree(tree, remotes=(URL,))
    assert "argocd/too-deep" in {finding.rule.id for finding in findings_of(rendered)}


def test_environments_are_inherited_from_the_deployer() -> None:
    tree = {
        "clusters/prod/app.yaml": _app("one", "apps/shop"),
        "clusters/staging/app.yaml": _app("one", "apps/shop"),
        "apps/shop/c.yaml": CONFIG,
    }
    rendered = render_tree(tree, remotes=(URL,))
    environments = {
        item.root.environment for item in rendered if item.root.kind == "argocd-application"
    }
    assert environments == {"prod", "staging"}


APPS = {
    "argocd/root.yaml": _app("root", "apps"),
    "apps/Chart.yaml": "apiVersion: v2\nname: apps\nversion: 1.0.0\n",
    "apps/templates/child.yaml": "kind: Application\nspec: {{ .Values }}\n",
    "child/kustomization.yaml": "resources: [c.yaml]\n",
    "child/c.yaml": CONFIG,
    "other/c.yaml": CONFIG,
}
OUTPUT = "".join(
    "---\n# Source: apps/templates/child.yaml\n" + text
    for text in (
        _app("child", "child", ", kustomize: {namePrefix: my-}"),
        _app("other", "other"),
    )
)


def test_a_change_finds_the_deployer_that_only_a_template_makes() -> None:
    programs = FakePrograms({"helm": prints(OUTPUT)})
    rendered = render_change(APPS, "child/c.yaml", programs=programs, remotes=(URL,))
    assert [(item.root.name, item.objects[0].ref.name) for item in rendered] == [
        ("apps/templates/child.yaml#Application/child", "my-c")
    ]


def test_a_change_to_the_deployers_concerns_all_that_they_apply() -> None:
    programs = FakePrograms({"helm": prints(OUTPUT)})
    changed = render_change(APPS, "apps/templates/child.yaml", programs=programs, remotes=(URL,))
    assert sorted(item.root.name for item in changed) == [
        "apps/templates/child.yaml#Application/child",
        "apps/templates/child.yaml#Application/other",
        "argocd/root.yaml#Application/root",
    ]


def test_a_change_elsewhere_concerns_nothing_of_the_deployers() -> None:
    tree = {**APPS, "free/c.yaml": CONFIG}
    programs = FakePrograms({"helm": prints(OUTPUT)})
    rendered = render_change(tree, "free/c.yaml", programs=programs, remotes=(URL,))
    assert [item.root.name for item in rendered] == ["free"]


def test_what_cannot_be_looked_through_is_said() -> None:
    (root,) = [item for item in render_change(APPS, "child/c.yaml", remotes=(URL,)) if item.skipped]
    assert [skip.reason for skip in root.skipped] == ["missing-tool"]


def test_what_a_templates_field_sets_is_at_a_line_of_the_template() -> None:
    programs = FakePrograms({"helm": prints(OUTPUT)})
    (child,) = render_change(APPS, "child/c.yaml", programs=programs, remotes=(URL,))
    trace = child.objects[0].origin.trace(("metadata", "name"))
    assert trace.location.path == "child/c.yaml"
    assert all(step.location.span is not None for step in trace.chain)
