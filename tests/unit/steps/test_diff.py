"""`diff` on small repositories."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import gitops_ci
from tests.support.repository import Repository

BASE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: web
        image: ghcr.io/example/web:1.0
"""
FILES = {
    "apps/web/base/kustomization.yaml": "resources: [web.yaml]\n",
    "apps/web/base/web.yaml": BASE,
    "apps/web/overlays/dev/kustomization.yaml": "resources: [../../base]\n",
    "apps/web/overlays/prod/kustomization.yaml": """\
resources: [../../base]
replicas:
- name: web
  count: 3
configMapGenerator:
- name: settings
  literals: [colour=blue]
secretGenerator:
- name: token
  literals: [token=first-value]
""",
}
PROD = "apps/web/overlays/prod/kustomization.yaml"


@pytest.fixture
def root(repository: Repository) -> Path:
    repository.commit(FILES)
    return repository.root


def change(root: Path, path: str, old: str, new: str) -> None:
    file = root / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def environments(root: Path, *words: str) -> dict[str, list[str]]:
    ended = gitops_ci(root, "diff", "--format", "json", *words)
    document = json.loads(ended.out)
    return {
        item["name"]: [
            f"{value['path']}@{value['source']['path']}:{value['source']['line']}"
            for one in item["objects"]
            for value in one.get("values", ())
            if "noise" not in value
        ]
        for item in document["environments"]
    }


def test_no_change_is_no_difference(root: Path) -> None:
    ended = gitops_ci(root, "diff", "HEAD", "--exit-code")
    assert ended.code == 0
    assert "no rendered object differs" in ended.out


def test_a_change_to_a_base_shows_in_each_environment_on_its_line(root: Path) -> None:
    change(root, "apps/web/base/web.yaml", "web:1.0", "web:1.1")
    where = "spec.template.spec.containers[web].image@apps/web/base/web.yaml:11"
    assert environments(root, "HEAD") == {"dev": [where], "prod": [where]}


def test_what_an_overlay_overrides_does_not_differ_there(root: Path) -> None:
    change(root, "apps/web/base/web.yaml", "replicas: 1", "replicas: 2")
    assert list(environments(root, "HEAD")) == ["dev"]


def test_a_generator_shows_its_value_and_no_hash(root: Path) -> None:
    change(root, PROD, "colour=blue", "colour=red")
    assert environments(root, "HEAD") == {"prod": [f"data.colour@{PROD}:7"]}


def test_a_secret_differs_and_stays_hidden(root: Path) -> None:
    change(root, PROD, "first-value", "second-value")
    for format_ in ("text", "json", "markdown"):
        ended = gitops_ci(root, "diff", "HEAD", "--format", format_)
        assert ended.code == 0
        assert "data.token" in ended.out
        for value in ("first-value", "second-value", "Zmlyc3QtdmFsdWU", "c2Vjb25kLXZhbHVl"):
            assert value not in ended.out


def test_ranges_compare_commits_and_fork_points(root: Path, repository: Repository) -> None:
    first = repository.git("rev-parse", "HEAD")
    repository.git("checkout", "--quiet", "-b", "topic")
    change(root, PROD, "count: 3", "count: 4")
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    change(root, "apps/web/base/web.yaml", "web:1.0", "web:1.1")
    repository.commit()
    assert list(environments(root, f"{first}..topic")) == ["prod"]
    assert environments(root, "main...topic") == {"prod": [f"spec.replicas@{PROD}:4"]}
    assert list(environments(root, "main..topic")) == ["dev", "prod"]
    assert list(environments(root, first)) == ["dev", "prod"]


def test_one_environment_can_be_asked_for(root: Path) -> None:
    change(root, "apps/web/base/web.yaml", "web:1.0", "web:1.1")
    assert list(environments(root, "HEAD", "--env", "dev")) == ["dev"]
    ended = gitops_ci(root, "diff", "HEAD", "--env", "develop")
    assert ended.code == 2
    assert "dev, prod" in ended.err + ended.out


def test_what_cannot_be_rendered_is_said_and_is_not_green(root: Path) -> None:
    change(root, PROD, "[../../base]", "[../../gone]")
    ended = gitops_ci(root, "diff", "HEAD")
    assert ended.code == 3
    assert "not compared" in ended.out


def test_reports_are_written_and_a_difference_can_be_an_exit_code(root: Path) -> None:
    change(root, PROD, "count: 3", "count: 4")
    words = ["--exit-code", "--output", "markdown=out.md", "--output", "json=out.json"]
    assert gitops_ci(root, "diff", "HEAD", *words).code == 1
    assert "spec.replicas" in (root / "out.md").read_text()
    assert json.loads((root / "out.json").read_text())["version"] == 1


def test_a_change_cannot_hide_itself_by_its_own_configuration(
    root: Path, repository: Repository, tmp_path: Path
) -> None:
    base = repository.git("rev-parse", "HEAD")
    change(root, PROD, "count: 3", "count: 4")
    repository.commit({".gitops-ci.yaml": 'version: 1\nignore: ["apps/**"]\n'})
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"base": {"sha": base}}}))
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(event),
    }
    ended = gitops_ci(root, "diff", environ=environ)
    assert f"@@ spec.replicas  ({PROD}:4)" in ended.out


def test_outside_of_git_there_is_nothing_to_compare(tmp_path: Path) -> None:
    ended = gitops_ci(tmp_path, "diff")
    assert ended.code == 2
    assert "not a git repository" in ended.err + ended.out
