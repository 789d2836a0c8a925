"""Packs in a whole run: which of them rule, what they weigh, and who may change that."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import Ended, gitops_ci
from tests.support.repository import Repository

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  hostNetwork: true
  containers:
    - name: app
      image: web:latest
"""


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repository")
    made.write({"web.yaml": POD})
    return made


def rules(ended: Ended) -> set[str]:
    return {finding["rule"] for finding in ended.report["findings"]}


def check(repository: Repository, config: str, *words: str) -> Ended:
    repository.write({".gitops-ci.yaml": f"version: 1\n{config}\n"})
    return gitops_ci(repository.root, *(words or ("policy",)), "--format", "json")


def test_the_default_packs_rule_without_a_configuration(repository: Repository) -> None:
    ended = gitops_ci(repository.root, "check", "--format", "json")
    assert ended.code == 1
    assert {"pss/host-namespaces", "image/mutable-tag"} <= rules(ended)
    assert "reliability/naked-pod" not in rules(ended)


def test_only_the_packs_that_are_named_rule(repository: Repository) -> None:
    assert rules(check(repository, "policy: {packs: [reliability]}")) == {
        "reliability/naked-pod",
    }
    assert rules(check(repository, "policy: {packs: []}")) == set()


def test_each_part_of_the_check_is_a_command(repository: Repository) -> None:
    assert rules(gitops_ci(repository.root, "validate", "--format", "json")) == set()
    ended = gitops_ci(repository.root, "check", "--only", "policy", "--format", "json")
    assert "pss/host-namespaces" in rules(ended)


@pytest.mark.parametrize(
    ("config", "severity"),
    [
        ("", "warning"),
        ("policy: {rules: {image/mutable-tag: note}}", "note"),
        ("policy: {rules: {'image/*': error}}", "error"),
        ("overrides: [{match: {namespace: shop}, rules: {image/mutable-tag: note}}]", "note"),
        ("overrides: [{match: {path: 'web.yaml'}, mode: observe}]", "note"),
    ],
)
def test_the_configuration_has_the_last_word(
    repository: Repository, config: str, severity: str
) -> None:
    (found,) = [
        finding
        for finding in check(repository, config).report["findings"]
        if finding["rule"] == "image/mutable-tag"
    ]
    assert found["severity"] == severity
    assert (found["path"], found["line"]) == ("web.yaml", 8)


def test_a_rule_can_be_switched_off(repository: Repository) -> None:
    ended = check(repository, "policy: {rules: {pss/host-namespaces: off}}")
    assert "pss/host-namespaces" not in rules(ended)
    assert ended.report["summary"]["suppressed"] == 1


@pytest.mark.parametrize(
    ("config", "hint"),
    [
        ("policy: {packs: [image]}", "did you mean 'images'?"),
        ("policy: {rules: {pss/host-namespace: off}}", "did you mean 'pss/host-namespaces'?"),
    ],
)
def test_a_name_that_does_not_exist_is_an_error(
    repository: Repository, config: str, hint: str
) -> None:
    ended = check(repository, config)
    assert ended.code == 2
    assert hint in ended.out


def test_a_protected_environment_weighs_more(repository: Repository) -> None:
    config = "layouts: ['envs/{env}/*']\nenvironments: {dev: {}, prod: {protected: true}}"
    for name in ("dev", "prod"):
        text = POD.replace("namespace: shop", f"namespace: {name}")
        repository.write({f"envs/{name}/web.yaml": text})
    found = {
        finding["path"]: finding["severity"]
        for finding in check(repository, config).report["findings"]
        if finding["rule"] == "image/mutable-tag"
    }
    assert found["envs/dev/web.yaml"] == "warning"
    assert found["envs/prod/web.yaml"] == "error"


IGNORED = POD.replace(
    "  hostNetwork: true", "  hostNetwork: true  # gitops-ci: ignore pss/host-namespaces the agent"
)


def test_an_ignore_of_a_rule_that_does_not_run_is_not_called_unused(
    repository: Repository,
) -> None:
    repository.write({"web.yaml": IGNORED})
    assert "pss/host-namespaces" not in rules(check(repository, ""))
    assert "config/unused-ignore" not in rules(check(repository, "policy: {packs: [images]}"))
    assert "config/unused-ignore" not in rules(check(repository, "", "validate"))
    repository.write({"web.yaml": IGNORED.replace("hostNetwork: true", "hostNetwork: false")})
    assert "config/unused-ignore" in rules(check(repository, ""))


def test_a_change_may_add_packs_but_not_remove_them(repository: Repository) -> None:
    base = repository.commit()
    other = POD.replace("name: web", "name: other")
    config = "version: 1\npolicy: {packs: [reliability], registries: [ghcr.io/*]}\n"
    repository.commit({"other.yaml": other, ".gitops-ci.yaml": config})
    event = repository.root.parent / "event.json"
    event.write_text(json.dumps({"pull_request": {"base": {"sha": base}}}))
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(event),
    }
    ended = gitops_ci(repository.root, "check", "--format", "json", environ=environ)
    new = {rule for path, _, rule in ended.places() if path == "other.yaml"}
    assert {"pss/host-namespaces", "reliability/naked-pod", "image/registry"} <= new


def test_the_rules_of_a_pack_are_listed(repository: Repository) -> None:
    listed = gitops_ci(repository.root, "rules", "list", "--pack", "network", "--format", "json")
    ids = {rule["id"]: rule["packs"] for rule in json.loads(listed.out)}
    assert "network" in ids["pss/host-namespaces"]
    assert {rule_id.partition("/")[0] for rule_id in ids} == {"network", "pss"}


SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: wbe}}
"""


def test_a_run_over_a_part_says_that_something_is_missing_only_when_it_saw_all_of_its_kind(
    repository: Repository,
) -> None:
    config = "policy: {packs: [reliability]}"
    labelled = POD.replace("namespace: shop", "namespace: shop, labels: {app: web}")
    repository.write({"shop/web.yaml": labelled, "shop/service.yaml": SERVICE, "web.yaml": ""})
    (repository.root / "web.yaml").unlink()
    words = ("policy", "shop")
    assert "reliability/dangling-service" in rules(check(repository, config, *words))
    repository.write({"other/pod.yaml": POD.replace("name: web", "name: wbe")})
    assert "reliability/dangling-service" not in rules(check(repository, config, *words))
    assert "reliability/dangling-service" in rules(check(repository, config))
