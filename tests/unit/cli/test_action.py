"""The container action under the runner's contract, in this process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gitops_ci.cli.inputs import variable
from tests.support.repository import Repository

GOOD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
BAD = GOOD.replace("kind", "kinD")
PACKAGE = Path(__file__).resolve().parents[3]


class Job:
    """One step of a workflow job."""

    def __init__(self, repository: Repository, folder: Path) -> None:
        self.repository, self.folder = repository, folder
        folder.mkdir()

    def run(self, **inputs: str) -> subprocess.CompletedProcess[str]:
        environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(PACKAGE),
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": "push",
            "GITHUB_WORKSPACE": str(self.repository.root),
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            **{variable(name.replace("_", "-")): value for name, value in inputs.items()},
        }
        return subprocess.run(
            [sys.executable, "-m", "gitops_ci.cli.action"],
            cwd=self.repository.root,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def outputs(self) -> dict[str, str]:
        lines = (self.folder / "output").read_text().splitlines()
        return {lines[at].partition("<<")[0]: lines[at + 1] for at in range(0, len(lines), 3)}


@pytest.fixture
def job(repository: Repository, tmp_path: Path) -> Job:
    return Job(repository, tmp_path / "files")


def test_a_good_repository(job: Job) -> None:
    job.repository.commit({"a.yaml": GOOD})
    ended = job.run()
    assert ended.returncode == 0, ended.stderr
    assert job.outputs["status"] == "pass"
    assert job.outputs["exit-code"] == "0"
    assert job.outputs["findings"] == "0"
    assert (job.repository.root / job.outputs["sarif-file"]).is_file()
    assert job.repository.git("status", "--porcelain") == ""
    assert (job.folder / "summary").read_text()


def test_a_bad_repository(job: Job) -> None:
    job.repository.commit({"a.yaml": BAD})
    ended = job.run(fail_on="error", format="json")
    assert ended.returncode == 1
    assert job.outputs["status"] == "fail"
    assert int(job.outputs["errors"]) >= 1
    assert "::error file=a.yaml,line=1" in ended.stderr
    assert "::" not in ended.stdout


def test_a_wrong_input_names_itself(job: Job) -> None:
    job.repository.commit({"a.yaml": GOOD})
    ended = job.run(fail_on="often")
    assert ended.returncode == 2
    assert "input `fail-on`" in ended.stderr
    assert job.outputs["exit-code"] == "2"
    assert job.outputs["json-file"] == ""


def test_a_faulty_configuration_is_reported_like_a_finding(job: Job) -> None:
    job.repository.commit({"a.yaml": GOOD, ".gitops-ci.yaml": "versin: 1\n"})
    ended = job.run()
    assert ended.returncode == 2
    assert (job.outputs["status"], job.outputs["errors"]) == ("fail", "1")
    assert "::error file=.gitops-ci.yaml,line=1" in ended.stderr
    for name in ("json-file", "sarif-file"):
        assert "versin" in (job.repository.root / job.outputs[name]).read_text()


def test_another_folder_and_reports_of_an_earlier_run(job: Job) -> None:
    job.repository.commit({"deploy/a.yaml": BAD, "b.yaml": GOOD})
    assert job.run(working_directory="deploy").returncode == 1
    assert job.outputs["errors"] != "0"
    (job.folder / "output").unlink()
    assert job.run(path="b.yaml").returncode == 0
    assert job.outputs["errors"] == "0"
