"""A release commit names one image by its digest, everywhere."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.pin_release import PLACEHOLDER, main, named, pinned
from tests.support.tools import ROOT

DIGEST = "sha256:" + "ab" * 32
INIT = "gitops_ci/steps/init_files.py"
IMAGE = f"ghcr.io/example/gate@{DIGEST}"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("actions", "templates", ".github", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("action.yml", "README.md", INIT):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    return tmp_path


def release(tree: Path) -> list[Path]:
    changed = list(pinned(tree, "Example/gate", "1.2.3", DIGEST))
    for path, text in changed:
        path.write_text(text)
    return [path for path, _ in changed]


def test_every_container_action_names_the_image(tree: Path) -> None:
    release(tree)
    actions = [
        yaml.safe_load(path.read_text())["runs"]
        for path in [tree / "action.yml", *tree.glob("actions/*/action.yml")]
    ]
    images = {runs["image"] for runs in actions if runs["using"] == "docker"}
    assert images == {f"docker://{IMAGE}"}


def test_every_component_names_the_image(tree: Path) -> None:
    release(tree)
    defaults = {
        next(yaml.safe_load_all(path.read_text()))["spec"]["inputs"]["image"]["default"]
        for path in tree.glob("templates/*/template.yml")
    }
    assert defaults == {IMAGE}


def test_workflows_and_pages_name_the_repository_and_the_version(tree: Path) -> None:
    release(tree)
    texts = [path.read_text() for path in tree.rglob("*") if path.suffix in (".yml", ".md")]
    assert not [text for text in texts if PLACEHOLDER in text]
    versions = {v for text in texts for v in re.findall(r"Example/gate(?:/[\w./-]+)?@(v\S+)", text)}
    assert versions == {"v1.2.3"}


def test_the_package_writes_workflows_that_need_no_owner(tree: Path) -> None:
    ((path, text),) = named(tree, "Example/gate")
    assert path == tree / INIT
    module: dict[str, Any] = {}
    exec(compile(text, path, "exec"), module)
    name, written = module["ci_file"]("github", "main")
    assert name == ".github/workflows/gitops-ci.yml"
    assert "uses: Example/gate/.github/workflows/check.yml@v" in written
    assert "OWNER" not in written
    release(tree)
    assert path.read_text() == text


def test_once_more_changes_nothing(tree: Path) -> None:
    assert release(tree)
    assert release(tree) == []


def test_wrong_words_change_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["example/gate", "1.2.3", "latest"]) == 1
    assert "Usage" in capsys.readouterr().err
