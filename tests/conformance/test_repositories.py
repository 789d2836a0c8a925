"""`init` and `check` on public repositories: complete, no traceback, and every error a true one."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import Ended, gitops_ci
from tests.support.repository import Repository
from tests.support.tools import require_corpora

REPOSITORIES = (
    "GoogleCloudPlatform--microservices-demo",
    "fluxcd--flux2-hub-spoke-example",
    "fluxcd--flux2-kustomize-helm-example",
    "fluxcd--flux2-multi-tenancy",
    "gitops-bridge-dev--gitops-bridge",
    "onedr0p--home-ops",
    "redhat-cop--gitops-catalog",
    "stefanprodan--podinfo",
)
KNOWN = Path(__file__).with_name("true_errors.tsv")
"""Every error that was read and found to be true: repository, path, line, rule, and why."""


def git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout


def known(name: str) -> set[tuple[str, int, str]]:
    rows = [line.split("\t") for line in KNOWN.read_text("utf-8").splitlines() if line[:1] != "#"]
    return {(path, int(line), rule) for repo, path, line, rule, _ in rows if repo == name}


@pytest.fixture(scope="module", params=REPOSITORIES)
def checked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    name = request.param
    source = require_corpora("repos", name)
    root = tmp_path_factory.mktemp("corpora") / name
    shutil.copytree(source, root, symlinks=True)
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o200)
    repository = Repository(root)
    repository.commit(message="as it is")
    first = gitops_ci(root, "init")
    assert first.code == 0, first.err
    return name, root, gitops_ci(root, "check", "--format", "json")


@pytest.mark.full
def test_it_ends_with_a_verdict(checked: tuple[str, Path, Ended]) -> None:
    _, _, ended = checked
    assert ended.code in (0, 1), ended.err
    assert "bug" not in ended.err


@pytest.mark.full
def test_every_error_was_read_and_is_true(checked: tuple[str, Path, Ended]) -> None:
    name, _, ended = checked
    assert set(ended.places("error")) == known(name)


@pytest.mark.full
def test_every_file_is_accounted_for(checked: tuple[str, Path, Ended]) -> None:
    _, root, ended = checked
    summary = ended.report["summary"]
    # what is external is a thing that a checked file speaks of
    skipped = {item["path"] for item in summary["skipped"] if item["class"] != "external"}
    blamed = {item["path"] for item in ended.report["findings"]}
    listed = git(root, "ls-files", "-co", "--exclude-standard", "-z").split("\0")
    files = {path for path in listed if path}
    named = files & skipped
    assert len(files) - len(named) <= summary["checked"]["files"] + len(files & blamed)
    assert summary["checked"]["files"] + len(named) <= len(files)


@pytest.mark.full
def test_a_second_run_says_the_same(checked: tuple[str, Path, Ended]) -> None:
    _, root, ended = checked
    again = gitops_ci(root, "check", "--format", "json")
    assert json.loads(again.out) == ended.report
    listed = git(root, "status", "--porcelain", "--untracked-files=all").splitlines()
    written = {line.removeprefix("?? ") for line in listed}
    assert written <= {
        ".gitops-ci.yaml",
        ".github/workflows/gitops-ci.yml",
        ".github/pull_request_template.md",
    }
    assert ".gitops-ci.yaml" in written
