"""Every file has one kind and one end."""

from __future__ import annotations

import pytest

from gitops_ci.config.model import Config
from gitops_ci.repo.kinds import FileKind
from tests.unit.repo.support import (
    application,
    chart,
    flux_kustomization,
    kustomization,
    look,
    manifest,
)

BROKEN = "a: b: c\n"
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n"
SOPS = SECRET + "sops: {mac: 'ENC[AES256_GCM,data:x]', lastmodified: '2024-01-01T00:00:00Z'}\n"

ALONE: list[tuple[str, str | bytes, str]] = [
    ("deployment.yaml", manifest("Deployment"), "manifest"),
    ("deployment.json", '{"apiVersion": "v1", "kind": "Pod", "metadata": {}}', "manifest"),
    ("no-version.yaml", "kind: Pod\nmetadata: {name: x}\n", "manifest"),
    ("no-kind.yaml", "apiVersion: v1\nmetadata: {name: x}\n", "manifest"),
    (
        "list.yaml",
        "apiVersion: v1\nkind: List\nitems:\n- " + "{apiVersion: v1, kind: Pod}\n",
        "manifest",
    ),
    ("second-document.yaml", "a: 1\n---\n" + manifest(), "manifest"),
    ("kustomization.yaml", "resources: []\n", "kustomization"),
    ("kustomization.yml", "", "kustomization"),
    ("x/Kustomization", "namePrefix: a-\n", "kustomization"),
    ("c/kustomization.yaml", kustomization(kind="Component"), "component"),
    ("f/kustomization.yaml", flux_kustomization("apps", "./apps"), "manifest"),
    ("patch.yaml", manifest("Deployment"), "patch"),
    ("deployment-patch.yaml", manifest("Deployment"), "patch"),
    ("dispatch.yaml", manifest("Deployment"), "manifest"),
    ("ops.yaml", "- {op: add, path: /a, value: 1}\n", "patch"),
    ("ops.json", '[{"op": "remove", "path": "/a"}]', "patch"),
    (
        "labels.yaml",
        "apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: x}\n",
        "kustomize-config",
    ),
    ("values.yaml", "replicas: 1\n", "values"),
    ("values-prod.yaml", "replicas: 1\n", "values"),
    ("prod.values.yaml", "replicas: 1\n", "values"),
    ("values.yaml.bak", "replicas: 1\n", "not-yaml"),
    ("secret.sops.yaml", SOPS, "sops"),
    ("secret.enc.yaml", SOPS, "sops"),
    ("config.enc.json", '{"data": "ENC[x]", "sops": {"mac": "x", "lastmodified": "x"}}', "sops"),
    ("forgotten.sops.yaml", SECRET, "manifest"),
    ("about-sops.yaml", "sops: {how: we use it}\n", "unknown"),
    (".sops.yaml", "creation_rules: []\n", "tool-config"),
    (".github/workflows/ci.yaml", "on: push\njobs: {}\n", "ci-file"),
    (".github/workflows/broken.yaml", BROKEN, "ci-file"),
    (".gitlab-ci.yml", "build: !reference [a]\n", "ci-file"),
    ("ci/deploy.gitlab-ci.yml", "build: {}\n", "ci-file"),
    ("azure-pipelines.yml", "trigger: none\n", "ci-file"),
    ("action.yml", "runs: {using: docker}\n", "ci-file"),
    ("renovate.json", "{ /* comment */ }", "ci-file"),
    (".pre-commit-config.yaml", "repos: []\n", "tool-config"),
    ("docker-compose.yml", "services: {}\n", "tool-config"),
    ("compose.prod.yaml", "services: {}\n", "tool-config"),
    ("Taskfile.yml", "version: '3'\n", "tool-config"),
    (".vscode/settings.json", "{\n  // a comment\n}\n", "tool-config"),
    ("skaffold.yaml", "apiVersion: skaffold/v4beta6\nkind: Config\n", "tool-config"),
    ("cluster.yaml", "apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\n", "tool-config"),
    ("kubeconfig.yaml", "apiVersion: v1\nkind: Config\nclusters: []\n", "tool-config"),
    (".hidden/app.yaml", manifest(), "manifest"),
    ("main.tf", "resource {}\n", "terraform"),
    ("prod.tfvars", "a = 1\n", "terraform"),
    ("playbooks/site.yml", "- hosts: all\n", "ansible"),
    ("site.yml", "- hosts: all\n  tasks: []\n", "ansible"),
    ("roles/web/tasks/main.yml", "- debug: {msg: '{{ x }}'}\n", "ansible"),
    ("group_vars/all.yml", "a: 1\n", "ansible"),
    ("openapi.yaml", "openapi: 3.0.0\ninfo: {}\n", "unknown"),
    ("kinds.yaml", "kind: of\nmagic: true\n", "unknown"),
    ("broken.yaml", BROKEN, "template"),
    ("broken-manifest.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {\n", "manifest"),
    (
        "jinja.yaml",
        "apiVersion: v1\nkind: Pod\n{% if x %}\nmetadata: {}\n{% endif %}\n",
        "template",
    ),
    (
        "appset.yaml",
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec: {{x}}: {{y}}\n",
        "manifest",
    ),
    ("tsconfig.json", "{ // comments\n}", "tool-config"),
    ("settings.json", "{ // comments\n}", "data"),
    ("dashboard.json", '{"panels": []}', "data"),
    ("README.md", "# x\n", "not-yaml"),
    ("LICENSE", "text\n", "not-yaml"),
    ("tool", b"\x7fELF\0\0", "binary"),
    ("logo.png", b"", "binary"),
    ("empty.yaml", "", "unknown"),
    ("comments.yaml", "# nothing\n", "unknown"),
    ("latin.yaml", "a: é\n".encode("latin-1"), "template"),
]


@pytest.mark.parametrize(("path", "content", "kind"), ALONE, ids=[row[0] for row in ALONE])
def test_a_file_that_stands_alone(path: str, content: str | bytes, kind: str) -> None:
    assert look({path: content}).kind(path) == kind


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("charts/web/Chart.yaml", "helm-chart"),
        ("charts/web/values.yaml", "values"),
        ("charts/web/values-prod.yaml", "values"),
        ("charts/web/ci/test-values.yaml", "values"),
        ("charts/web/values.schema.json", "data"),
        ("charts/web/templates/deployment.yaml", "helm-template"),
        ("charts/web/templates/_helpers.tpl", "helm-template"),
        ("charts/web/templates/NOTES.txt", "helm-template"),
        ("charts/web/crds/crd.yaml", "manifest"),
        ("charts/web/charts/redis/templates/x.yaml", "helm-template"),
        ("templates/x.yaml", "manifest"),
    ],
)
def test_the_files_of_a_chart(path: str, kind: str) -> None:
    files = {
        "charts/web/Chart.yaml": chart("web"),
        "charts/web/charts/redis/Chart.yaml": chart("redis"),
        path: manifest() if kind == "manifest" else "{{ .Values.x }}\n",
    }
    if path.endswith("Chart.yaml"):
        files[path] = chart("web")

    assert look(files).kind(path) == kind


USED = {
    "base/kustomization.yaml": kustomization(
        "deployment.yaml",
        "broken.yaml",
        "anything.txt",
        more=(
            "patches: [{path: change.yaml}, {patch: 'a: b'}]\n"
            "patchesStrategicMerge: [old.yaml]\n"
            "configMapGenerator:\n"
            "- {name: a, files: [config.yaml, named.yaml=data/other.yaml, plain.conf]}\n"
            "- {name: b, envs: [some.env]}\n"
            "secretGenerator: [{name: s, files: [secret.yaml]}]\n"
            "transformers: [suffix.yaml]\n"
            "configurations: [names.yaml]\n"
            "openapi: {path: schema.json}\n"
            "replacements: [{path: replace.yaml}]\n"
            "helmCharts:\n"
            "- {name: redis, valuesFile: redis.yaml, additionalValuesFiles: [r2.yaml]}\n"
        ),
    ),
    "base/deployment.yaml": manifest("Deployment"),
    "base/broken.yaml": BROKEN,
    "base/anything.txt": manifest(),
    "base/change.yaml": manifest("Deployment"),
    "base/old.yaml": "spec: {replicas: 2}\n",
    "base/config.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {}\n",
    "base/data/other.yaml": "{{ not yaml\n",
    "base/plain.conf": "x\n",
    "base/some.env": "A=1\n",
    "base/secret.yaml": SOPS,
    "base/suffix.yaml": "apiVersion: example.com/v1\nkind: Suffix\nmetadata: {name: x}\n",
    "base/names.yaml": "namePrefix: []\n",
    "base/schema.json": '{"definitions": {}}',
    "base/replace.yaml": "source: {}\n",
    "base/redis.yaml": "a: 1\n",
    "base/r2.yaml": "a: 1\n",
}


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("deployment.yaml", "manifest"),
        ("broken.yaml", "manifest"),
        ("anything.txt", "manifest"),
        ("change.yaml", "patch"),
        ("old.yaml", "patch"),
        ("config.yaml", "generator-input"),
        ("data/other.yaml", "generator-input"),
        ("plain.conf", "not-yaml"),
        ("some.env", "not-yaml"),
        ("secret.yaml", "sops"),
        ("suffix.yaml", "kustomize-config"),
        ("names.yaml", "kustomize-config"),
        ("schema.json", "kustomize-config"),
        ("replace.yaml", "kustomize-config"),
        ("redis.yaml", "values"),
        ("r2.yaml", "values"),
    ],
)
def test_what_a_kustomization_says_about_its_files(path: str, kind: str) -> None:
    world = look(USED)

    assert world.kind(f"base/{path}") == kind
    if kind not in ("not-yaml", "sops"):
        assert "base/kustomization.yaml" in world.inventory.files[f"base/{path}"].why


def test_only_files_meant_for_a_cluster_are_at_fault() -> None:
    world = look(
        {
            **USED,
            "tools/broken.yaml": BROKEN,
            "ci/twice.yaml": "a: 1\na: 2\n",
            "pods/twice.yaml": manifest() + "kind: Pod\n",
        }
    )

    faults = {(problem.rule.id, problem.location.path) for problem in world.inventory.problems}
    assert faults == {
        ("yaml/syntax", "base/broken.yaml"),
        ("yaml/duplicate-key", "pods/twice.yaml"),
    }
    assert world.skips()["tools/broken.yaml"] == "not-yaml"


def test_broken_text_in_a_directory_that_is_deployed_as_it_is_is_at_fault() -> None:
    files = {
        "argocd/app.yaml": application("shop", "apps/shop"),
        "apps/shop/broken.yaml": BROKEN,
        "apps/other/broken.yaml": BROKEN,
    }

    problems = look(files).inventory.problems

    assert [problem.location.path for problem in problems] == ["apps/shop/broken.yaml"]


def test_value_files_of_a_deployer_are_values() -> None:
    more = "    helm: {valueFiles: [../../env/prod.yaml, missing.yaml]}\n"
    files = {
        "app.yaml": application("shop", "charts/shop", more=more),
        "charts/shop/Chart.yaml": chart("shop"),
        "env/prod.yaml": "replicas: 3\n",
        "env/dev.yaml": "replicas: 1\n",
    }

    world = look(files)

    assert world.kind("env/prod.yaml") == "values"
    assert world.kind("env/dev.yaml") == "unknown"


def test_every_entry_ends_parsed_skipped_or_at_fault() -> None:
    files = {**{path: content for path, content, _ in ALONE}, **USED}
    world = look(files, Config(ignore=("site.yml",)), links={"link": "README.md", "loop": "loop"})

    parsed = {path for path, info in world.inventory.files.items() if info.parsed}
    skipped = [skip.path for skip in world.inventory.skipped]
    assert parsed.isdisjoint(skipped)
    assert len(skipped) == len(set(skipped))
    assert parsed | set(skipped) == {*files, "link", "loop"}
    assert world.skips()["site.yml"] == "ignored"


def test_what_is_too_large_is_named_and_never_parsed() -> None:
    large = b"a: 1\n" * (3 * 2**20)

    world = look({"huge.yaml": large, "huge.json": b'{"apiVersion":"v1"}' + b" " * 11 * 2**20})

    assert world.skips() == {"huge.yaml": "too-large", "huge.json": "too-large"}
    assert world.inventory.kind("huge.yaml") is FileKind.UNREADABLE


def test_an_empty_repository_is_fine() -> None:
    world = look({})

    assert world.inventory.files == {}
    assert world.plan.roots == ()
    assert world.environments.names == ()


def test_files_that_define_kinds_are_known() -> None:
    group = "apiVersion: apiextensions.k8s.io/v1\n"
    crd = group + "kind: CustomResourceDefinition\nmetadata: {name: x}\n"

    assert look({"crds/a.yaml": crd, "b.yaml": manifest()}).inventory.crds == ("crds/a.yaml",)
