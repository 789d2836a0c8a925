"""What is known about a site beside its version, and that hostile files find an end."""

from __future__ import annotations

import time

import pytest

from gitops_ci.config.model import Config
from gitops_ci.documents.read import read
from gitops_ci.documents.splice import splice
from gitops_ci.model.image import Shape, Version
from gitops_ci.repo.files import Files
from gitops_ci.repo.inventory import take_inventory
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.repo.sites.change import Change, location_of, plan_file
from gitops_ci.repo.sites.model import Role, Site, Subject
from gitops_ci.repo.sites.pins import git_name, is_fixed_ref
from gitops_ci.repo.sites.templates import mentions
from tests.unit.repo.sites.support import sites_of

KUSTOMIZATION = (
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
    "images:\n  - name: ghcr.io/acme/web\n    newTag: v1\n"
)
DEPLOYMENT = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\n"
    "spec: {template: {spec: {containers: [{name: web, image: 'ghcr.io/acme/web:v1'}]}}}\n"
)
APPLICATION = """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web-prod, namespace: argocd}
spec:
  project: default
  destination: {name: prod-eu, namespace: web}
  source:
    repoURL: https://charts.example.test
    chart: web
    targetRevision: 1.2.3
"""
APPLICATION_SET = """apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: web}
spec:
  generators:
    - list:
        elements:
          - {env: prd, version: 1.0.1}
          - {env: staging, version: 1.0.0}
  template:
    metadata: {name: 'web-{{env}}'}
    spec:
      source: {repoURL: 'https://charts.example.test', chart: web, targetRevision: '{{version}}'}
"""


def only(files: dict[str, str]) -> Site:
    sites = sites_of(files)
    assert len(sites) == 1
    return sites[0]


def test_everything_about_a_workload() -> None:
    site = only({"apps/web/base/deployment.yaml": DEPLOYMENT})
    assert (site.kind, site.subject, site.name) == ("workload", Subject.IMAGE, "ghcr.io/acme/web")
    assert (site.version, site.shape, site.app) == (Version("v1"), Shape.TAG, "web")
    assert str(site.object) == "Deployment shop/web"
    assert [part.role for part in site.parts] == [Role.REFERENCE]


def test_the_place_of_a_site() -> None:
    site = only({"apps/web/deployment.yaml": DEPLOYMENT})
    location = location_of(read("apps/web/deployment.yaml", DEPLOYMENT.encode()), site)
    assert location.span is not None
    assert (location.line, DEPLOYMENT[location.span.start : location.span.end]) == (
        4,
        "'ghcr.io/acme/web:v1'",
    )


@pytest.mark.parametrize(
    ("path", "environment", "app"),
    [
        ("apps/web/overlays/prod/kustomization.yaml", "prod", "web"),
        ("apps/web/overlays/staging/kustomization.yaml", "staging", "web"),
        ("apps/web/base/kustomization.yaml", "", "web"),
    ],
)
def test_the_environment_by_the_path(path: str, environment: str, app: str) -> None:
    other = "apps/api/overlays/prod/kustomization.yaml"
    sites = sites_of({path: KUSTOMIZATION, other: KUSTOMIZATION})
    site = next(site for site in sites if site.path == path)
    assert (site.environment, site.app) == (environment, app)


def test_the_environment_of_what_a_deployer_reads() -> None:
    application = APPLICATION.replace("    chart: web\n", "    path: shop/web\n")
    sites = sites_of(
        {"clusters/web.yaml": application, "shop/web/kustomization.yaml": KUSTOMIZATION}
    )
    assert {(site.kind, site.environment) for site in sites} == {
        ("kustomize-images", "prod"),
        ("argocd-source", ""),
    }


def test_the_environment_of_an_element() -> None:
    files = {
        "sets/web.yaml": APPLICATION_SET,
        "envs/staging/x.yaml": DEPLOYMENT,
        "envs/prod/x.yaml": DEPLOYMENT,
        "envs/prod/y.yaml": KUSTOMIZATION,
    }
    found = {(site.environment, site.version.tag) for site in sites_of(files) if site.name == "web"}
    assert found == {("prod", "1.0.1"), ("staging", "1.0.0")}


def test_markers_of_bots() -> None:
    text = KUSTOMIZATION.replace("v1\n", 'v1 # {"$imagepolicy": "flux-system:web:tag"}\n')
    site = only({"a/kustomization.yaml": text})
    assert [(marker.tool, marker.line) for marker in site.markers] == [("flux", 5)]
    text = KUSTOMIZATION.replace(
        "    newTag", "    # renovate: datasource=docker depName=ghcr.io/acme/web\n    newTag"
    )
    site = only({"a/kustomization.yaml": text})
    assert [(marker.tool, marker.line) for marker in site.markers] == [("renovate", 5)]


def test_a_marker_of_something_unknown_makes_no_site() -> None:
    comment = "# renovate: datasource=custom.x depName=a/b"
    text = f"kind: X\napiVersion: v1\nspec:\n  {comment}\n  v: 1.0.0\n"
    assert sites_of({"a/x.yaml": text}) == ()


@pytest.mark.parametrize(
    ("revision", "floating"),
    [
        ("1.2.3", False),
        ("v1.2.3-rc.1", False),
        ("1.2", True),
        ("1.x", True),
        ("~1.2", True),
        ("'>=1 <2'", True),
        ("'*'", True),
    ],
)
def test_a_range_of_charts_floats(revision: str, floating: bool) -> None:
    site = only({"apps/web.yaml": APPLICATION.replace("1.2.3", revision)})
    assert site.floating is floating


@pytest.mark.parametrize(
    ("ref", "fixed"),
    [
        ("v1.2.3", True),
        ("1.2", True),
        ("release/v1.2.0", True),
        ("refs/tags/x", True),
        ("0a1b2c3", True),
        ("0a1b2c3d4e5f60718293a4b5c6d7e8f901234567", True),
        ("main", False),
        ("HEAD", False),
        ("release-next", False),
        ("refs/heads/main", False),
        ("feature/x", False),
    ],
)
def test_a_branch_floats(ref: str, fixed: bool) -> None:
    assert is_fixed_ref(ref) is fixed


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/acme/deploy",
        "https://github.com/acme/deploy.git",
        "https://user@GitHub.com/acme/deploy/",
        "git@github.com:acme/deploy.git",
        "ssh://git@github.com/acme/deploy",
        "git::https://github.com/acme/deploy.git/config/x",
        "github.com/acme/deploy//config?ref=v1",
        "https://github.com/acme/deploy/config/default",
    ],
)
def test_the_spellings_of_a_git_source(url: str) -> None:
    assert git_name(url) == "github.com/acme/deploy"


def test_templates_are_told_of() -> None:
    files = {
        "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "charts/web/templates/a.yaml": (
            'image: "redis:7.2"\n# image: redis:7.0\n'
            "image: {{ .Values.image }}\nimage: other/redis:7.2\nname: redis\n"
            "image: redis:{{ .Values.tag }}\n"
        ),
        "deploy.yaml.j2": "image: redis:7.2\n",
        "notes.md": "image: redis:7.2\n",
    }
    opened = Files(MemoryTree(files))
    inventory = take_inventory(opened, Config())
    found = list(mentions(opened, inventory, "docker.io/library/redis"))
    assert [(item.site.path, item.line, str(item.site.version)) for item in found] == [
        ("charts/web/templates/a.yaml", 1, "7.2"),
        ("charts/web/templates/a.yaml", 6, ""),
        ("deploy.yaml.j2", 1, "7.2"),
    ]


def test_what_changed_meanwhile_is_refused() -> None:
    site = only({"a/deployment.yaml": DEPLOYMENT})
    source = read("a/deployment.yaml", DEPLOYMENT.replace("containers", "others").encode())
    plan = plan_file(source, [Change(site, Version("v2"))])
    assert plan.edits == ()
    assert len(plan.refused) == 1


def test_two_wishes_for_one_place_are_refused() -> None:
    site = only({"a/deployment.yaml": DEPLOYMENT})
    source = read("a/deployment.yaml", DEPLOYMENT.encode())
    plan = plan_file(source, [Change(site, Version("v2")), Change(site, Version("v3"))])
    assert b"web:v2" in splice(source.data, plan.edits)
    assert [refused.reason for refused in plan.refused] == [
        "another change in the plan writes the same place"
    ]


def test_a_stream_of_many_documents_changes_in_one_line() -> None:
    text = "---\n".join(DEPLOYMENT.replace("acme/web", f"acme/w{n}") for n in range(2_000))
    sites = [site for site in sites_of({"a/all.yaml": text}) if site.name.endswith("/w1234")]
    source = read("a/all.yaml", text.encode())
    plan = plan_file(source, [Change(sites[0], Version("v2"))])
    assert splice(source.data, plan.edits).decode() == text.replace("w1234:v1", "w1234:v2")


HOSTILE = {
    "colons": "image: '" + ":" * 100_000 + "{{'\n",
    "dots": "resources: ['https://x?ref=" + "1.1-" * 50_000 + "']\n",
    "spaces in a comment": "image: x/y:1 #" + " " * 200_000 + "x\n",
    "many comments": "# renovate: x\n" * 20_000 + "image: x/y:1\n",
    "deep": "a: " + "[" * 120 + "]" * 120 + "\n",
    "long key": "? " + "a" * 100_000 + "Image\n: x\n",
    "numbers": "".join(f"k{n}: 1.{n}0\n" for n in range(20_000))
    + "image: {repository: a/b, tag: 1.10}\n",
    "not a mapping": "- 1\n- [2]\n- null\n",
    "odd shapes": "image: [1]\nimages: {a: 1}\nspec: 5\ngenerators: 7\npatches: x\n",
}


@pytest.mark.parametrize("path", ["a/x.yaml", "a/kustomization.yaml", "charts/c/values.yaml"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_find_an_end(name: str, path: str) -> None:
    head = "apiVersion: v1\nkind: X\n" if path == "a/x.yaml" else ""
    text = head + HOSTILE[name] if HOSTILE[name][0] != "-" else HOSTILE[name]
    start = time.process_time()
    sites = sites_of({path: text, "b/deployment.yaml": DEPLOYMENT})
    assert any(site.path == "b/deployment.yaml" for site in sites)
    assert time.process_time() - start < 5


SHAPES = ["null", "1", "text", "[]", "{}", "[1, text, {a: 1}]", "{a: [b], name: 1, image: 2}"]
KINDS = [
    ("v1", "ConfigMap", "data"),
    ("argoproj.io/v1alpha1", "Application", "spec"),
    ("argoproj.io/v1alpha1", "ApplicationSet", "spec"),
    ("helm.toolkit.fluxcd.io/v2", "HelmRelease", "spec"),
    ("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "spec"),
    ("source.toolkit.fluxcd.io/v1", "OCIRepository", "spec"),
    ("source.toolkit.fluxcd.io/v1", "GitRepository", "spec"),
    ("image.toolkit.fluxcd.io/v1", "ImagePolicy", "spec"),
    ("flagger.app/v1beta1", "Canary", "spec"),
    ("postgresql.cnpg.io/v1", "Cluster", "spec"),
]
FIELDS = ["source", "sources", "template", "generators", "chart", "values", "images", "patches"]
FIELDS += ["postRenderers", "ref", "url", "targetRef", "imageRepositoryRef", "imageName"]


@pytest.mark.parametrize(("version", "kind", "top"), KINDS)
def test_fields_of_any_shape_are_borne(version: str, kind: str, top: str) -> None:
    documents = []
    for shape in SHAPES:
        head = f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: x}}\n"
        documents.append(f"{head}{top}: {shape}\n")
        fields = "".join(f"  {field}: {shape}\n" for field in FIELDS)
        documents.append(f"{head}{top}:\n{fields}")
    files = {"a/x.yaml": "---\n".join(documents), "b/deployment.yaml": DEPLOYMENT}
    assert [site.path for site in sites_of(files)][-1] == "b/deployment.yaml"
