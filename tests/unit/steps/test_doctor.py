"""`doctor` on small repositories, with a forge in memory."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from gitops_ci.cli import wire
from gitops_ci.cli.parser import inputs_of, parse
from gitops_ci.forge.none import NoForges
from gitops_ci.forge.port import GITHUB, GITLAB
from gitops_ci.model.forge_errors import ForbiddenError, ForgeError
from gitops_ci.model.forge_settings import (
    ApprovalRules,
    BranchRules,
    RepositoryFacts,
    RequiredCheck,
    TokenFacts,
)
from gitops_ci.output.sink import Sink
from tests.support.command import Ended, gitops_ci
from tests.support.repository import Repository

WORKFLOW = f"""\
on:
  pull_request:
  merge_group:
jobs:
  check:
    steps:
      - uses: org/gitops-ci@{"0" * 40}
"""


@dataclass
class Settings:
    rules: BranchRules
    name: str = GITHUB
    refuses: ForgeError | None = None
    pipelines: bool = False

    def token_facts(self) -> TokenFacts:
        if self.refuses:
            raise self.refuses
        return TokenFacts("app", "bot")

    def repository_facts(self) -> RepositoryFacts:
        return RepositoryFacts("org/r", "main", "", pipelines_must_succeed=self.pipelines)

    def branch_rules(self, branch: str) -> BranchRules:
        return self.rules


class Forges(NoForges):
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def service(self, repository: str = "") -> Any:
        return self._settings


SHUT = BranchRules("main", protected=True, checks=(RequiredCheck("check", "1"),), binds_admins=True)


def asked(root: Path, settings: Settings, *words: str) -> Ended:
    out, err = io.BytesIO(), io.BytesIO()
    command = parse(["-C", str(root), "doctor", "--format", "json", *words])
    world = replace(wire.world(command, Sink(out, err), {}), forges=Forges(settings))
    code = command.entry.load().run(inputs_of(command.entry, command.given), world)
    return Ended(code, out.getvalue().decode(), err.getvalue().decode())


def texts(ended: Ended, health: str) -> str:
    told = json.loads(ended.out)["diagnoses"]
    return "\n".join(item["text"] for item in told if item["health"] == health)


def test_an_enforced_gate(repository: Repository) -> None:
    repository.commit({".github/workflows/a.yml": WORKFLOW})
    ended = asked(repository.root, Settings(SHUT), "--require-enforced")
    assert ended.code == 0
    assert "check is required on main" in texts(ended, "ok")


def test_a_gate_that_can_be_bypassed(repository: Repository) -> None:
    repository.commit({".github/workflows/a.yml": WORKFLOW})
    for settings in (
        Settings(replace(SHUT, checks=())),
        Settings(SHUT, GITLAB),
        Settings(SHUT, refuses=ForbiddenError("no", permission="administration: read")),
    ):
        assert asked(repository.root, settings).code == 0
        assert asked(repository.root, settings, "--require-enforced").code == 1


@pytest.mark.parametrize(
    ("kept", "gated", "code"),
    [
        (ApprovalRules(True, False, False), True, 0),
        (ApprovalRules(False, False, False), True, 1),
        (ApprovalRules(False, False, False), False, 0),
        (None, True, 1),
        (None, False, 0),
    ],
)
def test_approvals_on_gitlab_have_to_be_of_the_head(
    repository: Repository, kept: ApprovalRules | None, gated: bool, code: int
) -> None:
    gates = "gates: {prod: {approvals: {count: 1}}}\n" if gated else ""
    config = f"version: 1\nenvironments: {{dev: {{}}, prod: {{from: dev}}}}\n{gates}"
    repository.commit({".gitops-ci.yaml": config, ".gitlab-ci.yml": "a: {}\n"})
    settings = Settings(replace(SHUT, approvers=kept), GITLAB, pipelines=True)
    assert asked(repository.root, settings, "--require-enforced").code == code


def test_a_sparse_checkout_is_told(repository: Repository) -> None:
    repository.commit({".github/workflows/a.yml": WORKFLOW, "apps/a.yaml": "a: 1\n"})
    assert "sparse" not in texts(asked(repository.root, Settings(SHUT)), "bad")
    repository.git("sparse-checkout", "set", "apps", ".github")
    assert "sparse" not in texts(asked(repository.root, Settings(SHUT)), "bad")
    repository.git("config", "remote.origin.promisor", "true")
    assert "the checkout is sparse" in texts(asked(repository.root, Settings(SHUT)), "bad")


def test_a_check_can_be_named(repository: Repository) -> None:
    repository.commit({".gitlab-ci.yml": "a: {}\n"})
    words = ["--require-enforced", "--check", "check"]
    assert asked(repository.root, Settings(SHUT), *words).code == 0


def test_without_a_forge_and_without_a_workflow(repository: Repository) -> None:
    repository.commit({"a.yaml": "a: 1\n"})
    ended = gitops_ci(repository.root, "doctor")
    assert ended.code == 0
    assert "✗ workflow" in ended.out
    assert "no CI file runs gitops-ci" in ended.out
    assert "? required check" in ended.out
    assert gitops_ci(repository.root, "doctor", "--require-enforced").code == 1


def test_a_faulty_configuration_is_one_line(repository: Repository) -> None:
    repository.commit({".gitops-ci.yaml": "versin: 1\n", ".github/workflows/a.yml": "a: [\n"})
    ended = asked(repository.root, Settings(SHUT))
    assert "faults" in texts(ended, "bad")


def test_a_change_of_the_gate_is_a_finding(repository: Repository, tmp_path: Path) -> None:
    base = repository.commit({"a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"})
    repository.commit({".github/workflows/a.yml": WORKFLOW})
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"base": {"sha": base}}}))
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(event),
    }
    ended = gitops_ci(repository.root, "check", "--format", "json", environ=environ)
    assert (".github/workflows/a.yml", 1, "gate/self-change") in ended.places("warning")
    assert ended.code == 0
    by_hand = gitops_ci(repository.root, "check", "--format", "json", "--changed-since", base)
    assert "gate/self-change" not in by_hand.out
