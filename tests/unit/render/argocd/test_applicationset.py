from __future__ import annotations

from textwrap import dedent, indent

import pytest

from gitops_ci.render.argocd.applicationset import Applications, generate
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.options import ClusterFacts
from gitops_ci.render.origins import SourceOrigin
from tests.support.rendering import renderer_of

URL = "https://git.example/org/repo"
CLUSTERS = (
    ClusterFacts("eu-1", "https://eu", {"region": "eu"}),
    ClusterFacts("us-1", "https://us", {"region": "us"}),
)
FILES = {
    "apps/one/x.yaml": "a: 1\n",
    "apps/two/x.yaml": "a: 1\n",
    "apps/old/x.yaml": "a: 1\n",
    "envs/dev.yaml": "env: dev\nreplicas: 1\nnested: {region: eu}\n",
    "envs/prod.yaml": "env: prod\nreplicas: 3\nnested: {region: us}\n",
}


def _generate(
    generators: str, template: str = "", *, extra: str = "", go: bool = True, **options: object
) -> Applications:
    template = template or "metadata: {name: '{{.name}}'}\nspec: {project: default}\n"
    text = (
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\n"
        "metadata: {name: set, namespace: argocd}\nspec:\n"
        f"  goTemplate: {str(go).lower()}\n"
        f"{indent(dedent(extra), '  ')}"
        f"  generators:\n{indent(dedent(generators), '    ')}"
        f"  template:\n{indent(dedent(template), '    ')}"
    )
    context = renderer_of({**FILES, "set.yaml": text}, **options).context
    source = context.files.source("set.yaml")
    item = RenderedObject(source.documents[0].value, SourceOrigin(source, 0))
    return generate(item, context)


def _names(made: Applications) -> list[str]:
    return [item.ref.name for item in made.objects]


GIT = f"- git:\n    repoURL: {URL}\n"


@pytest.mark.parametrize(
    ("generators", "name", "expected"),
    [
        ("- list: {elements: [{name: a}, {name: b}]}\n", "{{.name}}", ["a", "b"]),
        ("- list: {elementsYaml: '[{name: a}]'}\n", "{{.name}}", ["a"]),
        ("- list: {elements: [{v: {deep: x}}]}\n", "{{.v.deep}}", ["x"]),
        (
            GIT + "    directories: [{path: apps/*}, {path: apps/old, exclude: true}]\n",
            "{{.path.basename}}-{{index .path.segments 0}}",
            ["one-apps", "two-apps"],
        ),
        (
            GIT + "    files: [{path: envs/*.yaml}]\n",
            "{{.env}}-{{.replicas}}-{{.nested.region}}",
            ["dev-1-eu", "prod-3-us"],
        ),
        (
            GIT + "    files: [{path: envs/*.yaml}]\n    values: {who: '{{.env}}-x'}\n",
            "{{.values.who}}{{.path.filename}}",
            ["dev-xdev.yaml", "prod-xprod.yaml"],
        ),
        ("- clusters: {}\n", "{{.name}}-{{.metadata.labels.region}}", ["eu-1-eu", "us-1-us"]),
        (
            "- clusters: {selector: {matchLabels: {region: us}}, values: {v: '1'}}\n",
            "{{.name}}{{.values.v}}",
            ["us-11"],
        ),
        (
            (
                "- matrix:\n    generators:\n"
                "      - list: {elements: [{a: v}, {a: w}]}\n"
                "      - list: {elements: [{b: '{{.a}}1'}, {b: z}]}\n"
            ),
            "{{.a}}{{.b}}",
            ["vv1", "vz", "ww1", "wz"],
        ),
        (
            (
                "- merge:\n    mergeKeys: [k]\n    generators:\n"
                "      - list: {elements: [{k: a, v: '1'}, {k: b, v: '2'}]}\n"
                "      - list: {elements: [{k: b, v: '9'}, {k: c, v: '3'}]}\n"
            ),
            "{{.k}}{{.v}}",
            ["a1", "b9"],
        ),
        (
            (
                "- list: {elements: [{name: a, env: dev}, {name: b, env: prod}]}\n"
                "  selector: {matchLabels: {env: prod}}\n"
            ),
            "{{.name}}",
            ["b"],
        ),
    ],
)
def test_generators_with_go_templates(generators: str, name: str, expected: list[str]) -> None:
    template = f"metadata: {{name: '{name}'}}\nspec: {{}}\n"
    made = _generate(generators, template, clusters=CLUSTERS)
    assert (_names(made), made.findings, made.skipped) == (expected, (), ())


@pytest.mark.parametrize(
    ("generators", "name", "expected"),
    [
        ("- list: {elements: [{name: a}]}\n", "{{name}}", ["a"]),
        (
            GIT + "    directories: [{path: apps/one}]\n",
            "{{path.basename}}-{{path[0]}}",
            ["one-apps"],
        ),
        (
            GIT + "    files: [{path: envs/dev.yaml}]\n",
            "{{env}}-{{nested.region}}-{{path}}",
            ["dev-eu-envs"],
        ),
        (
            GIT + "    directories: [{path: apps/one}]\n    pathParamPrefix: p\n",
            "{{p.path.basename}}",
            ["one"],
        ),
        ("- clusters: {}\n", "{{name}}-{{metadata.labels.region}}", ["eu-1-eu", "us-1-us"]),
    ],
)
def test_generators_without(generators: str, name: str, expected: list[str]) -> None:
    template = f"metadata: {{name: '{name}'}}\nspec: {{}}\n"
    assert _names(_generate(generators, template, go=False, clusters=CLUSTERS)) == expected


@pytest.mark.parametrize(
    "generators",
    [
        "- clusters: {}\n",
        "- scmProvider: {github: {organization: org}}\n",
        "- pullRequest: {github: {owner: org, repo: r}}\n",
        "- plugin: {configMapRef: {name: p}}\n",
        "- clusterDecisionResource: {configMapRef: c}\n",
        "- git: {repoURL: 'https://git.example/org/other', directories: [{path: '*'}]}\n",
        "- {}\n",
    ],
)
def test_what_lies_outside_is_a_named_skip(generators: str) -> None:
    made = _generate(generators, remotes=(URL,))
    assert made.objects == ()
    assert [(skip.path, skip.reason) for skip in made.skipped] == [
        ("set.yaml#ApplicationSet/argocd/set", "generator")
    ]


def test_generators_beside_one_that_lies_outside_still_count() -> None:
    made = _generate("- list: {elements: [{name: a}]}\n- clusters: {}\n")
    assert (_names(made), [skip.reason for skip in made.skipped]) == (["a"], ["generator"])


def test_an_unknown_function_is_a_named_skip() -> None:
    template = "metadata: {name: '{{ genCA .name 1 }}'}\nspec: {}\n"
    made = _generate("- list: {elements: [{name: a}]}\n", template)
    assert [skip.detail for skip in made.skipped] == ["the function 'genCA' is not supported"]


def test_a_missing_parameter_is_found_only_when_that_is_an_error() -> None:
    template = "metadata: {name: 'x{{ .gone }}'}\nspec: {}\n"
    generators = "- list: {elements: [{name: a}]}\n"
    strict = _generate(generators, template, extra="goTemplateOptions: [missingkey=error]\n")
    assert [finding.rule.id for finding in strict.findings] == ["argocd/applicationset-template"]
    assert strict.findings[0].location.line == 9
    assert _names(_generate(generators, template)) == ["x<no value>"]


def test_a_template_patch_changes_single_applications() -> None:
    patch = """\
        templatePatch: |
          spec:
            {{- if eq .name "b" }}
            project: other
            {{- end }}
            syncPolicy: {automated: {}}
        """
    made = _generate("- list: {elements: [{name: a}, {name: b}]}\n", extra=patch)
    projects = [item.value["spec"]["project"] for item in made.objects]
    assert projects == ["default", "other"]
    assert made.objects[0].value["spec"]["syncPolicy"] == {"automated": {}}


def test_values_of_an_application_come_from_the_template() -> None:
    made = _generate("- list: {elements: [{name: a}]}\n")
    (item,) = made.objects
    assert item.value["metadata"] == {"namespace": "argocd", "name": "a"}
    assert item.origin.trace(("spec", "project")).location.line == 10
    assert item.origin.trace(("metadata", "name")).location.line == 9
    assert item.origin.trace(("apiVersion",)).location.path == "set.yaml"


def test_cluster_secrets_of_the_repository_are_clusters() -> None:
    secret = dedent(
        """\
        apiVersion: v1
        kind: Secret
        metadata:
          name: cluster-a
          labels: {argocd.argoproj.io/secret-type: cluster, region: eu}
        stringData: {name: a, server: "https://a"}
        """
    )
    files = {**FILES, "clusters/a.yaml": secret}
    text = (
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: s}\nspec:\n"
        "  generators: [{clusters: {}}]\n  template: {metadata: {name: '{{name}}'}, spec: {}}\n"
    )
    context = renderer_of({**files, "set.yaml": text}).context
    source = context.files.source("set.yaml")
    item = RenderedObject(source.documents[0].value, SourceOrigin(source, 0))
    assert _names(generate(item, context)) == ["a"]
