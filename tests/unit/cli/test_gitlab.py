"""The job of a GitLab component, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gitops_ci.cli.gitlab import dotenv, is_from_fork, without_tokens
from gitops_ci.cli.inputs import plain_variable
from tests.support.repository import Repository

GOOD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
BAD = GOOD.replace("kind", "kinD")
PACKAGE = Path(__file__).resolve().parents[3]


def run(
    repository: Repository, *words: str, **inputs: str
) -> tuple[subprocess.CompletedProcess[str], dict[str, str]]:
    """How the job ended, and what its dotenv report says."""
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(PACKAGE),
        "GITLAB_CI": "true",
        "CI_PIPELINE_SOURCE": "push",
        "CI_PROJECT_DIR": str(repository.root),
        **{plain_variable(name.replace("_", "-")): value for name, value in inputs.items()},
    }
    ended = subprocess.run(
        [sys.executable, "-m", "gitops_ci.cli.gitlab", *words],
        cwd=repository.root,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = (repository.root / ".gitops-ci-report/outputs.env").read_text().splitlines()
    return ended, dict(line.split("=", 1) for line in lines)


def test_a_good_repository(repository: Repository) -> None:
    repository.commit({"a.yaml": GOOD})
    ended, told = run(repository, "check")
    assert ended.returncode == 0, ended.stderr
    assert (told["GITOPS_CI_STATUS"], told["GITOPS_CI_EXIT_CODE"]) == ("pass", "0")
    assert repository.git("status", "--porcelain") == ""


def test_a_bad_repository_leaves_every_report_behind(repository: Repository) -> None:
    repository.commit({"a.yaml": BAD})
    ended, told = run(repository, "check", fail_on="error")
    assert (ended.returncode, told["GITOPS_CI_STATUS"]) == (1, "fail")
    folder = repository.root / ".gitops-ci-report"
    quality = json.loads((folder / "gl-code-quality-report.json").read_text())
    assert quality[0]["location"] == {"path": "a.yaml", "lines": {"begin": 1, "end": 1}}
    assert json.loads((folder / "gl-sast-report.json").read_text())["scan"]["type"] == "sast"
    secret = json.loads((folder / "gl-secret-detection-report.json").read_text())
    assert secret["scan"]["type"] == "secret_detection"
    assert "<testsuite" in (folder / "junit.xml").read_text()


def test_an_input_never_meets_a_shell(repository: Repository) -> None:
    repository.commit({"a.yaml": GOOD})
    ended, _ = run(repository, "check", path="$(touch gone); a.yaml")
    assert ended.returncode == 2
    assert not (repository.root / "gone").exists()


def test_a_wrong_input_names_itself(repository: Repository) -> None:
    repository.commit({"a.yaml": GOOD})
    ended, told = run(repository, "check", fail_on="often")
    assert (ended.returncode, told["GITOPS_CI_EXIT_CODE"]) == (2, "2")
    assert "input `fail-on`" in ended.stderr


@pytest.mark.parametrize(
    ("source", "project", "fork"), [("7", "7", False), ("9", "7", True), ("", "7", False)]
)
def test_a_fork_runs_without_the_tokens_of_the_project(
    source: str, project: str, fork: bool
) -> None:
    environ = {
        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": source,
        "CI_MERGE_REQUEST_PROJECT_ID": project,
        "GITOPS_CI_TOKEN": "t",
        "GITLAB_TOKEN": "t",
        "CI": "true",
    }
    assert is_from_fork(environ) is fork
    assert "t" not in without_tokens(environ).values()
    assert without_tokens(environ)["CI"] == "true"


def test_a_dotenv_report_holds_only_what_its_format_can() -> None:
    assert dotenv({"a-b": "1", "c": "two words", "d": "x\nINJECTED=1", "e": ""}) == (
        "GITOPS_CI_A_B=1\nGITOPS_CI_E=\n"
    )
