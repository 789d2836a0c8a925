"""`init` on the layouts that people use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from gitops_ci.config.load import load_config
from gitops_ci.config.model import Config
from tests.support.command import gitops_ci
from tests.support.repository import Repository

OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
OVERLAY = "resources: [a.yaml]\n"
VALUES = "image: {tag: '1'}\n"
CHART = "apiVersion: v2\nname: web\nversion: 1.0.0\n"
FLUX = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  interval: 1m
  path: ./apps/%s
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
"""


def overlays(*places: str) -> dict[str, str]:
    return {
        f"{place}/{name}": text
        for place in places
        for name, text in (("kustomization.yaml", OVERLAY), ("a.yaml", OBJECT))
    }


LAYOUTS: dict[str, tuple[dict[str, str], list[str], list[str]]] = {
    "flux": (
        {
            **overlays("apps/staging", "apps/production"),
            "clusters/staging/apps.yaml": FLUX % "staging",
            "clusters/production/apps.yaml": FLUX % "production",
        },
        ["staging", "production"],
        ["*/{env}"],
    ),
    "argocd-autopilot": (
        {
            **overlays("apps/web/overlays/dev", "apps/web/overlays/prod", "apps/web/base"),
            **overlays("apps/api/overlays/dev", "apps/api/overlays/prod"),
            "projects/dev.yaml": OBJECT,
            "projects/prod.yaml": OBJECT.replace("name: a", "name: b"),
        },
        ["dev", "prod"],
        ["apps/{app}/overlays/{env}", "projects/{env}.yaml"],
    ),
    "component, then environment": (
        overlays(
            "components/web/dev", "components/web/prod", "components/api/dev", "components/api/prod"
        ),
        ["dev", "prod"],
        ["components/{app}/{env}"],
    ),
    "component, environment, cluster": (
        overlays(
            *(
                f"components/{a}/{e}/{c}"
                for a in ("web", "api")
                for e in ("staging", "prod")
                for c in ("eu-1", "us-1")
            )
        ),
        ["staging", "prod"],
        ["components/{app}/{env}/{cluster}"],
    ),
    "environment, then component": (
        overlays("envs/dev/web", "envs/dev/api", "envs/prod/web", "envs/prod/api"),
        ["dev", "prod"],
        ["envs/{env}/{app}"],
    ),
    "values for each environment": (
        {
            "charts/web/Chart.yaml": CHART,
            "charts/web/values.yaml": VALUES,
            "charts/web/values-dev.yaml": VALUES,
            "charts/web/values-prod.yaml": VALUES,
            "charts/web/templates/a.yaml": OBJECT,
        },
        ["dev", "prod"],
        ["charts/{app}/values-{env}.yaml"],
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts(name: str, repository: Repository) -> None:
    files, environments, layouts = LAYOUTS[name]
    repository.commit(files)
    ended = gitops_ci(repository.root, "init")
    assert ended.code == 0
    config = written(repository.root)
    assert list(config.environments) == environments
    assert [text for text in layouts if text not in config.layouts] == []
    assert all(text in ended.out for text in config.layouts)
    assert config.environments[environments[1]].sources.names == (environments[0],)


def written(root: Path) -> Config:
    return load_config(lambda path: _read(root / path))


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def test_a_branch_for_each_environment(repository: Repository) -> None:
    repository.commit({"web/a.yaml": OBJECT, "web/kustomization.yaml": OVERLAY})
    for branch in ("env/dev", "env/prod", "feature/x"):
        repository.git("branch", branch)
    ended = gitops_ci(repository.root, "init")
    assert "dev: branch env/dev" in ended.out
    config = written(repository.root)
    assert {name: one.branch for name, one in config.environments.items()} == {
        "dev": "env/dev",
        "prod": "env/prod",
    }


def test_directories_win_over_branches(repository: Repository) -> None:
    repository.commit(LAYOUTS["environment, then component"][0])
    for branch in ("dev", "prod"):
        repository.git("branch", branch)
    gitops_ci(repository.root, "init")
    assert {one.branch for one in written(repository.root).environments.values()} == {None}


class TestFiles:
    def test_the_workflow_calls_the_reusable_check(self, repository: Repository) -> None:
        repository.commit(overlays("apps/dev"))
        repository.git("branch", "-m", "trunk")
        gitops_ci(repository.root, "init", "--ci", "github")
        text = (repository.root / ".github/workflows/gitops-ci.yml").read_text()
        (job,) = yaml.safe_load(text)["jobs"].values()
        assert re.fullmatch(r"OWNER/gitops-ci/\.github/workflows/check\.yml@v\S+", job["uses"])
        assert "pull_request:" in text
        assert "merge_group:" in text

    def test_gitlab_gets_an_include(self, repository: Repository) -> None:
        repository.commit(overlays("apps/dev"))
        repository.git("remote", "add", "origin", "https://gitlab.example/group/repo.git")
        gitops_ci(repository.root, "init")
        include = yaml.safe_load((repository.root / ".gitlab-ci.yml").read_text())["include"]
        assert include[0]["component"].startswith("$CI_SERVER_FQDN/OWNER/gitops-ci/check@")
        assert not (repository.root / ".github").exists()

    def test_what_exists_is_left_and_told(self, repository: Repository) -> None:
        repository.commit({**overlays("apps/dev"), ".gitlab-ci.yml": "a: {script: [x]}\n"})
        ended = gitops_ci(repository.root, "init")
        assert (repository.root / ".gitlab-ci.yml").read_text() == "a: {script: [x]}\n"
        assert "add to .gitlab-ci.yml:" in ended.out
        assert "component:" in ended.out

    def test_none_writes_the_configuration_alone(self, repository: Repository) -> None:
        repository.commit(overlays("apps/dev"))
        gitops_ci(repository.root, "init", "--ci", "none")
        assert repository.git("status", "--porcelain") == "?? .gitops-ci.yaml"

    def test_a_link_is_not_followed(self, repository: Repository, tmp_path: Path) -> None:
        repository.commit(overlays("apps/dev"))
        (repository.root / ".gitops-ci.yaml").symlink_to(tmp_path / "outside")
        gitops_ci(repository.root, "init", "--ci", "none")
        assert not (tmp_path / "outside").exists()

    def test_twice_is_once(self, repository: Repository) -> None:
        repository.commit(overlays("apps/dev", "apps/prod"))
        gitops_ci(repository.root, "init")
        repository.commit()
        assert gitops_ci(repository.root, "init").code == 0
        assert repository.git("status", "--porcelain") == ""


class TestSuggestions:
    def test_owners_of_the_gate(self, repository: Repository) -> None:
        repository.commit(overlays("apps/dev"))
        assert "/.gitops-ci.yaml" in gitops_ci(repository.root, "init").out

    def test_renovate_stays_in_the_first_environment(self, repository: Repository) -> None:
        repository.commit({**LAYOUTS["argocd-autopilot"][0], "renovate.json": "{}"})
        out = gitops_ci(repository.root, "init").out
        assert '"apps/*/overlays/prod/**"' in out
        assert "overlays/dev" not in out.partition("keep Renovate")[2]

    def test_nobody_else_hears_of_renovate(self, repository: Repository) -> None:
        repository.commit(LAYOUTS["argocd-autopilot"][0])
        assert "Renovate" not in gitops_ci(repository.root, "init").out
