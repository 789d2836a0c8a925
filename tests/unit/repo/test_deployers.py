"""Argo CD and Flux objects, read and resolved."""

from __future__ import annotations

import pytest

from gitops_ci.repo.applicationset import as_glob, expand, parameter_sets
from gitops_ci.repo.deployments import Deployment
from gitops_ci.repo.files import Files
from gitops_ci.repo.lookup import Places, exactly
from gitops_ci.repo.memory import MemoryTree
from tests.unit.repo.support import application, chart, flux_kustomization, look, manifest

TREE = {
    "apps/shop/dev/x.yaml": manifest(),
    "apps/shop/prod/x.yaml": manifest(),
    "apps/blog/dev/x.yaml": manifest(),
    "apps/blog/dev/config.json": '{"env": "dev", "app": {"name": "blog", "on": true}}',
    "apps/shop/dev/config.json": '[{"env": "a"}, {"env": "b"}]',
    "charts/web/Chart.yaml": chart("web"),
}


def _places() -> Places:
    return Places(Files(MemoryTree(TREE)))


GENERATORS = [
    ("list", [{"list": {"elements": [{"env": "dev", "deep": {"n": 1}}, {"env": "prod"}]}}],
     [{"env": "dev", "deep.n": "1"}, {"env": "prod"}]),
    ("unknown", [{"clusters": {"values": {"a": "b"}}}], [{"values.a": "b"}]),
    ("matrix",
     [{"matrix": {"generators": [{"list": {"elements": [{"a": "1"}, {"a": "2"}]}},
                                 {"list": {"elements": [{"b": "3"}]}}]}}],
     [{"a": "1", "b": "3"}, {"a": "2", "b": "3"}]),
    ("merge",
     [{"merge": {"generators": [{"list": {"elements": [{"a": "1"}]}}, {"clusters": {}}]}}],
     [{"a": "1"}]),
    ("nothing", [], []),
    ("hostile", [None, 1, {"list": None}, {"matrix": {"generators": "x"}}, {"git": []}], [{}, {}]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("generators", "expected"), [row[1:] for row in GENERATORS], ids=[row[0] for row in GENERATORS]
)
def test_generators(generators: list[object], expected: list[dict[str, str]]) -> None:
    assert parameter_sets(generators, _places()) == expected


def test_the_directories_of_git_are_parameters() -> None:
    directories = [{"path": "apps/*/dev"}, {"path": "apps/blog/*", "exclude": True}]

    (found,) = parameter_sets([{"git": {"directories": directories}}], _places())

    assert found["path"] == found["path.path"] == "apps/shop/dev"
    assert found["path.basename"] == "dev"
    assert found["path[1]"] == "shop"


def test_the_files_of_git_are_parameters() -> None:
    found = parameter_sets([{"git": {"files": [{"path": "apps/**/config.json"}]}}], _places())

    assert [(one["path"], one["env"]) for one in found] == [
        ("apps/blog/dev", "dev"),
        ("apps/shop/dev", "a"),
        ("apps/shop/dev", "b"),
    ]
    assert found[0]["app.name"] == "blog"
    assert found[0]["app.on"] == "true"


def test_a_huge_matrix_ends() -> None:
    many = {"list": {"elements": [{"a": str(number)} for number in range(1000)]}}

    found = parameter_sets([{"matrix": {"generators": [many, many, many]}}], _places())

    assert len(found) == 2_000


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("apps/{{env}}/x", "apps/dev/x"),
        ("apps/{{ .env }}/{{path.basename}}", "apps/dev/shop"),
        ("{{index .path.segments 1}}", "seg"),
        ("{{metadata.name}}-{{env}}", "{{metadata.name}}-dev"),
        ("plain", "plain"),
    ],
)
def test_placeholders(written: str, expected: str) -> None:
    parameters = {"env": "dev", "path.basename": "shop", "path[1]": "seg"}

    assert expand({"a": [written, 1]}, parameters) == {"a": [expected, 1]}


@pytest.mark.parametrize(
    ("written", "glob"),
    [
        ("apps/{{name}}/prod", "apps/*/prod"),
        ("apps-{{name}}", ""),
        ("{{a}}{{b}}", ""),
        ("./{{a}}", ""),
    ],
)
def test_what_is_left_is_a_wildcard(written: str, glob: str) -> None:
    assert as_glob(written) == glob


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("apps/*", "apps/shop", True),
        ("apps/*", "apps/shop/dev", False),
        ("./apps/*/", "apps/shop", True),
        ("*", "apps", True),
        ("*", "apps/shop", False),
        ("apps/**/dev", "apps/shop/dev", True),
        ("", "apps", False),
        ("[", "apps", False),
    ],
)
def test_globs_match_the_whole_path(pattern: str, path: str, matches: bool) -> None:
    assert exactly(pattern, path) is matches


def _deployments(text: str, own_url: str = "", **more: str) -> list[Deployment]:
    files = {**TREE, **{f"{name}.yaml": content for name, content in more.items()}}
    world = look({**files, "a.yaml": text}, own_url=own_url)
    return [d for d in world.inventory.deployments if d.deployer.path == "a.yaml"]


def _application_set(generators: str, path: str) -> str:
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: all}\n"
        f"spec:\n  generators: {generators}\n"
        "  template:\n    metadata: {name: 'x-{{path.basename}}'}\n"
        "    spec:\n      destination: {name: '{{cluster}}'}\n"
        f"      source: {{repoURL: 'https://example.com/r', path: '{path}'}}\n"
    )


@pytest.mark.parametrize(
    ("generators", "path", "directories"),
    [
        ("[{git: {directories: [{path: apps/*/dev}]}}]", "{{path}}",
         ["apps/blog/dev", "apps/shop/dev"]),
        ("[{list: {elements: [{e: dev}, {e: prod}]}}]", "apps/shop/{{e}}",
         ["apps/shop/dev", "apps/shop/prod"]),
        ("[{clusters: {}}]", "apps/shop/{{name}}", ["apps/shop/dev", "apps/shop/prod"]),
        ("[{clusters: {}}]", "{{metadata.annotations.base}}", []),
        ("[{list: {elements: [{e: nope}]}}]", "apps/shop/{{e}}", []),
    ],
)  # fmt: skip
def test_application_sets(generators: str, path: str, directories: list[str]) -> None:
    found = _deployments(_application_set(generators, path))

    assert sorted(d.directory for d in found if d.directory) == directories
    assert all(d.deployer.generated for d in found)


def test_the_sources_of_an_application() -> None:
    text = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\n"
        "spec:\n  sources:\n"
        "  - {repoURL: 'https://charts.example.com', chart: web, targetRevision: 1.0.0,"
        " helm: {valueFiles: [$v/env/prod.yaml, $other/x.yaml, 'https://example.com/v.yaml']}}\n"
        "  - {repoURL: 'https://example.com/r', ref: v}\n"
        "  - {repoURL: 'https://example.com/r', path: charts/web,"
        " helm: {valueFiles: [v.yaml, /env/all.yaml], ignoreMissingValueFiles: true}}\n"
    )

    remote, own = _deployments(text)

    assert (remote.directory, remote.external) == (None, "remote-chart")
    assert [(path, optional) for path, _, optional in remote.values] == [("env/prod.yaml", False)]
    assert remote.values[0][1] == ("spec", "sources", 0, "helm", "valueFiles", 0)
    assert own.directory == "charts/web"
    assert [(path, optional) for path, _, optional in own.values] == [
        ("charts/web/v.yaml", True),
        ("env/all.yaml", True),
    ]


GIT_REPOSITORY = (
    "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\n"
    "metadata: {name: team, namespace: flux-system}\n"
)


@pytest.mark.parametrize(
    ("path", "source", "spec", "expected"),
    [
        ("./apps/shop", "flux-system", "", ("apps/shop", "")),
        ("/apps/shop", "flux-system", "", ("apps/shop", "")),
        (None, "flux-system", "", ("", "")),
        ("./nowhere", "flux-system", "", (None, "")),
        ("../../etc", "flux-system", "", (None, "")),
        ("./apps/shop", "unknown", "", ("apps/shop", "")),
        ("./deploy", "unknown", "", (None, "other-repository")),
        (None, "unknown", "", (None, "other-repository")),
        ("./apps/shop", "team", "spec: {url: 'https://example.com/org/this'}", ("apps/shop", "")),
        ("./apps/shop", "team", "spec: {url: 'https://example.com/org/that'}",
         (None, "other-repository")),
        (None, "team", "spec: {url: 'https://example.com/org/this', ref: {branch: x}}",
         (None, "other-repository")),
    ],
)  # fmt: skip
def test_flux_sources(
    path: str | None, source: str, spec: str, expected: tuple[str | None, str]
) -> None:
    text = flux_kustomization("a", path, source=source)

    (found,) = _deployments(text, "ssh://git@example.com/org/this.git", s=GIT_REPOSITORY + spec)

    assert (found.directory, found.external) == expected


def test_artifacts_lead_back_to_the_directory_they_were_made_of() -> None:
    def generator(environment: str) -> str:
        return (
            "apiVersion: source.extensions.fluxcd.io/v1beta1\nkind: ArtifactGenerator\n"
            "metadata: {name: all, namespace: flux-system}\n"
            "spec:\n  artifacts:\n  - name: shop\n    copy:\n"
            "    - {from: '@repo/apps/blog/**', to: '@artifact/blog/'}\n"
            f"    - {{from: '@repo/apps/shop/{environment}/**', to: '@artifact/'}}\n"
        )

    def sync(path: str) -> str:
        text = flux_kustomization("a", path, source="shop")
        return text.replace("GitRepository", "ExternalArtifact")

    files = {
        **TREE,
        "clusters/dev/artifacts.yaml": generator("dev"),
        "clusters/prod/artifacts.yaml": generator("prod"),
        "clusters/dev/shop.yaml": sync("./"),
        "clusters/prod/shop.yaml": sync("./"),
        "clusters/dev/blog.yaml": sync("./blog/dev"),
        "clusters/dev/none.yaml": sync("./none"),
    }

    found = {d.deployer.path: d.directory for d in look(files).inventory.deployments}

    assert found == {
        "clusters/dev/shop.yaml": "apps/shop/dev",
        "clusters/prod/shop.yaml": "apps/shop/prod",
        "clusters/dev/blog.yaml": "apps/blog/dev",
        "clusters/dev/none.yaml": None,
    }


def test_components_of_a_deployer_are_dependencies() -> None:
    text = flux_kustomization("a", "./apps/shop", "  components: [../../probe]\n")
    files = {**TREE, "a.yaml": text, "probe/kustomization.yaml": "kind: Component\n"}

    ((_, nodes),) = look(files).graph.deployed

    assert "probe/kustomization.yaml" in nodes


@pytest.mark.parametrize(
    "spec", ["", "spec:\n", "spec: 1\n", "spec: {source: [1], sources: {}}\n",
             "spec: {generators: {a: b}, template: 1}\n", "spec: {sourceRef: x, path: [1]}\n",
             "spec: {chart: {spec: 1}, valuesFiles: 3}\n"]
)  # fmt: skip
@pytest.mark.parametrize(
    "head",
    [
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\n",
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\n",
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n",
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n",
        "apiVersion: source.extensions.fluxcd.io/v1beta1\nkind: ArtifactGenerator\n",
    ],
)
def test_half_written_deployers_deploy_nothing_that_exists(head: str, spec: str) -> None:
    world = look({"x/a.yaml": f"{head}metadata: {{name: x}}\n{spec}"})

    assert all(d.directory in (None, "") for d in world.inventory.deployments)
    assert world.inventory.files["x/a.yaml"].parsed


def test_two_deployers_of_one_file_are_told_apart() -> None:
    text = application("a", "apps/shop/dev") + "---\n" + application("b", "apps/shop/prod")

    found = _deployments(text)

    assert [(d.deployer.document, d.deployer.ref.name) for d in found] == [(0, "a"), (1, "b")]
    assert found[0].source.route == ("spec", "source", "path")
