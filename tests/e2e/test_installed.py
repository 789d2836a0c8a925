"""The wheel, alone in a clean environment, is the whole command."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from gitops_ci.steps.registry import STEPS
from tests.support.tools import ROOT

pytestmark = [pytest.mark.full, pytest.mark.network, pytest.mark.timeout(300)]


def run(words: Sequence[str | Path], cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, text=True)


def must(words: Sequence[str | Path], cwd: Path | None = None) -> str:
    done = run(words, cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment that holds the wheel and the base dependencies only."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    local = ["--no-deps", "--no-index", "--no-build-isolation"]
    must([*pip, "wheel", *local, "--wheel-dir", folder / "dist", ROOT])
    must([sys.executable, "-m", "venv", folder / "venv"])
    python = folder / "venv" / "bin" / "python"
    lock = ROOT / "requirements" / "base.txt"
    must([*pip, "--python", python, "install", "--require-hashes", "--requirement", lock])
    (wheel,) = (folder / "dist").glob("*.whl")
    must([*pip, "--python", python, "install", "--no-deps", "--no-index", wheel])
    return python.parent


def test_the_overview_names_every_command(installed: Path) -> None:
    overview = must([installed / "gitops-ci", "--help"])
    assert [entry.name for entry in STEPS if f"  {entry.name} " not in overview] == []


@pytest.mark.parametrize("command", [entry.name for entry in STEPS])
def test_every_command_explains_itself(installed: Path, command: str) -> None:
    text = must([installed / "gitops-ci", *command.split(), "--help"])
    assert text.startswith(f"usage: gitops-ci {command}")


def test_the_version_is_that_of_the_package(installed: Path) -> None:
    version = must([installed / "python", "-c", "import gitops_ci; print(gitops_ci.__version__)"])
    assert must([installed / "gitops-ci", "--version"]).split()[-1] == version.strip()


def test_a_manifest_is_checked(installed: Path, tmp_path: Path) -> None:
    manifest = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\ndata: {k: v}\n"
    )
    (tmp_path / "good.yaml").write_text(manifest)
    assert run([installed / "gitops-ci", "check"], tmp_path).returncode == 0
    (tmp_path / "bad.yaml").write_text(manifest.replace("\ndata:", "\ndta:"))
    bad = run([installed / "gitops-ci", "check"], tmp_path)
    assert (bad.returncode, bad.stderr) == (1, "")
    assert bad.stdout.startswith("bad.yaml\n  4:1  error  unknown field 'dta'")
    assert "did you mean 'data'?" in bad.stdout
