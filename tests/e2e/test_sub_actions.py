"""Every action of `actions/` in the built container: its own words, inputs and outputs."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from gitops_ci.steps.job_outputs import CHANGED, PROPOSALS
from tests.support.containers import Engine
from tests.support.repository import Repository
from tests.support.runner import Event, Runner, leftovers_of_root, own
from tests.support.tools import ROOT

pytestmark = [pytest.mark.full, pytest.mark.network, pytest.mark.timeout(900)]

CONTAINERS = sorted(
    path.parent.name
    for path in ROOT.glob("actions/*/action.yml")
    if yaml.safe_load(path.read_text("utf-8"))["runs"]["using"] == "docker"
)
OVERLAY = "apps/web/overlays/dev/kustomization.yaml"
BASE = "apps/web/base/deployment.yaml"
SECRET = "apps/web/base/leak.yaml"
VERSION = "ghcr.io/example/web:9.9.9"

WRITING = {"env": "dev", "pin": "tag", "write": "true"}
PROPOSED = frozenset(PROPOSALS) - frozenset(CHANGED)
"""What is told only when something was proposed."""

Starter = Callable[[str], Runner]


@dataclass(frozen=True, slots=True)
class Case:
    """One step: the action, its `with:` block, and what it must end with."""

    action: str
    code: int
    inputs: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    bad: bool = False
    """Whether the last commit is one that has to be blocked."""


PASS, FAIL = {"status": "pass", "errors": "0"}, {"status": "fail"}
PRODUCTION = {"range": "HEAD~1..HEAD", "env": "prod"}
CASES = {
    "check": Case("check", 0, outputs=PASS),
    "check-bad": Case("check", 1, outputs=FAIL, bad=True),
    "validate": Case("validate", 0, outputs=PASS),
    "validate-bad": Case("validate", 1, outputs=FAIL, bad=True),
    "secrets": Case("secrets", 0, outputs=PASS),
    "secrets-bad": Case("secrets", 1, outputs=FAIL, bad=True),
    "policy": Case("policy", 0, outputs=PASS),
    "policy-bad": Case("policy", 1, outputs=FAIL, bad=True),
    "diff": Case("diff", 0, {"range": "HEAD~1..HEAD"}, {"changed": "true"}),
    "diff-nothing": Case("diff", 0, PRODUCTION, {"changed": "false"}),
    "diff-exit-code": Case("diff", 1, {"range": "HEAD~1..HEAD", "exit-code": "true"}),
    "bump": Case("bump", 0, {"ref": VERSION, **WRITING}, {"changed": "true"}),
    "bump-unknown": Case("bump", 2, {"ref": "docker.io/library/nothing:1"}),
    "gate": Case("gate", 0, {"range": "HEAD~1..HEAD"}, PASS),
    "promote": Case("promote", 0, {"to": "staging"}, {"changed": "true"}),
    "rollback": Case("rollback", 2, {"env": "nowhere", "app": "web"}),
    "doctor": Case("doctor", 0),
    "doctor-enforced": Case("doctor", 1, {"require-enforced": "true"}),
    "report-nothing": Case("report", 3, {"file": "nothing.json"}, {"status": "incomplete"}),
}


@pytest.fixture
def start(engine: Engine, image: str, tmp_path: Path) -> Starter:
    """A runner for the action of that name."""

    def starter(name: str) -> Runner:
        action = ROOT / "actions" / name / "action.yml"
        return Runner(engine, image, action, tmp_path / f"runner-{name}")

    return starter


@pytest.fixture
def shop(repository: Repository) -> Repository:
    """The example repository, whose last commit moves an image in the first environment."""
    shutil.copytree(ROOT / "examples/shop", repository.root, dirs_exist_ok=True)
    repository.commit(message="the shop")
    text = (repository.root / OVERLAY).read_text("utf-8")
    repository.commit({OVERLAY: text.replace("newTag: ", "newTag: 1", 1)}, "a new version")
    return repository


def spoil(shop: Repository) -> None:
    """A commit that no part of the check lets through."""
    text = (shop.root / BASE).read_text("utf-8")
    text = text.replace("  replicas:", "  replica:").replace(
        "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true"
    )
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: leak}\nstringData: {key: %s}\n"
    shop.commit({BASE: text, SECRET: secret % ("ghp_" + "a1B2c3D4e5F6" * 3)}, "a bad change")


def test_every_action_is_tried() -> None:
    assert {case.action for case in CASES.values()} == set(CONTAINERS)


@pytest.mark.parametrize("name", CASES)
def test_an_action(start: Starter, shop: Repository, name: str) -> None:
    case = CASES[name]
    if case.bad:
        spoil(shop)
    runner = start(case.action)
    step = runner.step(shop.root, case.inputs)
    log = step.stdout + step.stderr
    assert step.code == case.code, log
    assert "Traceback" not in log
    assert step.outputs["exit-code"] == str(case.code)
    assert {word: step.outputs[word] for word in case.outputs} == case.outputs, log
    if case.code in (0, 1):
        assert runner.declared - PROPOSED <= set(step.outputs), log
    assert leftovers_of_root(shop.root) == []


def test_a_bump_writes_one_line_and_nothing_else(start: Starter, shop: Repository) -> None:
    step = start("bump").step(shop.root, {"ref": VERSION, **WRITING})
    own(shop.root, os.getuid())
    assert step.code == 0, step.stdout + step.stderr
    assert shop.git("diff", "--name-only").splitlines() == [OVERLAY]
    assert "+    newTag: 9.9.9" in shop.git("diff").splitlines()


def test_the_parts_of_a_check_become_one_verdict(start: Starter, shop: Repository) -> None:
    """What `.github/workflows/check.yml` does: the parts report to files, `report` judges them,
    also when the forge that it should tell cannot be reached."""
    base = shop.git("rev-parse", "HEAD")
    spoil(shop)
    sides = {
        "base": {"sha": base, "ref": "main"},
        "head": {"sha": shop.git("rev-parse", "HEAD"), "ref": "topic"},
    }
    event = Event("pull_request", {"pull_request": {"number": 7, **sides}})
    parts = {"objects": ("check", {"only": "validate,policy"}), "secrets": ("secrets", {})}
    found = 0
    for part, (action, inputs) in parts.items():
        step = start(action).step(shop.root, {"publish": "never", **inputs}, event)
        assert step.code == 1, step.stdout + step.stderr
        found += int(step.outputs["errors"])
        text = (shop.root / step.outputs["json-file"]).read_text("utf-8")
        shop.write({f".gitops-ci-parts/gitops-ci-{part}/report.json": text})
    step = start("report").step(shop.root, {"file": ".gitops-ci-parts"}, event)
    log = step.stdout + step.stderr
    assert (step.code, step.outputs["status"], step.outputs["errors"]) == (1, "fail", str(found))
    report = json.loads((shop.root / step.outputs["json-file"]).read_text("utf-8"))
    assert {SECRET, BASE} <= {finding["path"] for finding in report["findings"]}, log
    assert leftovers_of_root(shop.root) == []
