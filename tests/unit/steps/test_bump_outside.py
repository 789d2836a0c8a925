"""`bump` at the wish of another repository: what the words of a payload may ask for."""

from __future__ import annotations

import json

import pytest

from tests.support.command import gitops_ci
from tests.support.repository import Repository

PATH = "apps/web/dev/w.yaml"
OBJECT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: main, image: "ghcr.io/org/web:1.0.0"}]}}}
"""
CONFIG = """\
version: 1
layouts: ["apps/{app}/{env}"]
environments: {dev: {}}
apps: {web: {images: ["ghcr.io/org/web"], callers: ["web-release[bot]"]}}
policy: {registries: ["ghcr.io/org/*"]}
"""
GITHUB = {"GITHUB_EVENT_NAME": "workflow_dispatch", "GITHUB_ACTOR": "web-release[bot]"}
GITLAB = {"CI_PIPELINE_SOURCE": "trigger", "GITLAB_USER_LOGIN": "Web-Release[bot]"}
WANTED = "ghcr.io/org/web:1.1.0"


def refusals(repository: Repository, environ: dict[str, str], config: str = CONFIG) -> list[str]:
    repository.commit({".gitops-ci.yaml": config, PATH: OBJECT})
    ended = gitops_ci(
        repository.root, "bump", WANTED, "--write", "--format", "json", environ=environ
    )
    made = json.loads(ended.out)
    reasons = [item["reason"] for item in made["refused"]]
    assert ended.code == (1 if reasons else 0)
    assert ("1.1.0" in (repository.root / PATH).read_text()) == (not reasons)
    return reasons


@pytest.mark.parametrize("environ", [GITHUB, GITLAB], ids=["dispatch", "trigger"])
def test_an_allowed_caller_gets_an_allowed_image(
    repository: Repository, environ: dict[str, str]
) -> None:
    assert refusals(repository, environ) == []


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({**GITHUB, "GITHUB_ACTOR": "mallory"}, "mallory"),
        ({**GITHUB, "GITHUB_TRIGGERING_ACTOR": "mallory"}, "mallory"),
        ({"GITHUB_EVENT_NAME": "repository_dispatch"}, "nobody"),
        ({"CI_PIPELINE_SOURCE": "trigger", "GITLAB_USER_LOGIN": "mallory"}, "mallory"),
    ],
)
def test_other_callers_get_nothing(
    repository: Repository, environ: dict[str, str], name: str
) -> None:
    (reason,) = refusals(repository, environ)
    assert f"{name} may not ask for web" in reason


def test_without_names_whoever_may_start_the_run_may_ask(repository: Repository) -> None:
    config = CONFIG.replace(', callers: ["web-release[bot]"]', "")
    assert refusals(repository, {**GITHUB, "GITHUB_ACTOR": "ann"}, config) == []


def test_an_image_that_is_not_the_apps(repository: Repository) -> None:
    config = CONFIG.replace('images: ["ghcr.io/org/web"]', 'images: ["ghcr.io/org/api"]')
    (reason,) = refusals(repository, GITHUB, config)
    assert "`apps` does not list ghcr.io/org/web for web" in reason


def test_a_registry_that_nobody_allowed(repository: Repository) -> None:
    config = CONFIG.replace('registries: ["ghcr.io/org/*"]', 'registries: ["quay.io/*"]')
    (reason,) = refusals(repository, GITHUB, config)
    assert "`policy.registries` does not allow ghcr.io/org/web" in reason


@pytest.mark.parametrize("environ", [{}, {"GITHUB_EVENT_NAME": "schedule"}], ids=["hand", "cron"])
def test_runs_of_our_own_are_not_asked(repository: Repository, environ: dict[str, str]) -> None:
    config = CONFIG.replace('images: ["ghcr.io/org/web"]', "images: []")
    assert refusals(repository, environ, config) == []


@pytest.mark.parametrize(
    "ref",
    [
        "ghcr.io/org/web:1.1.0; rm -rf /",
        "ghcr.io/org/web:$(id)",
        "ghcr.io/org/web:1.1.0\n::set-output name=x::y",
        "../../etc/passwd:1",
        "ghcr.io/org/web:" + "a" * 129,
        "--write",
        "ghcr.io/org/web",
    ],
)
def test_what_is_no_reference_is_a_usage_error(repository: Repository, ref: str) -> None:
    repository.commit({".gitops-ci.yaml": CONFIG, PATH: OBJECT})
    ended = gitops_ci(repository.root, "bump", "--", ref, environ=GITHUB, runner=True)
    assert ended.code == 2, ended.out
    assert "\n::set-output" not in ended.err
    assert repository.git("status", "--porcelain") == ""
