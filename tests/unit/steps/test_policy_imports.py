"""Packs are loaded by the runs that need them, and by no other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

RUN = """
import sys
from gitops_ci.cli.main import main
try:
    main()
finally:
    print("modules:", *sys.modules, file=sys.stderr)
"""
MANIFEST = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


def loaded(root: Path, *words: str) -> set[str]:
    """The modules of the policy packages that a run of the command imports."""
    command = [sys.executable, "-c", RUN, "-C", str(root), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    names = done.stderr.rpartition("modules:")[2].split()
    return {name for name in names if name.startswith("gitops_ci.policy")}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text(MANIFEST)
    return tmp_path


@pytest.mark.parametrize("words", [("--help",), ("validate",), ("secrets",)], ids=lambda w: w[0])
def test_runs_without_policies_load_no_packs(root: Path, words: tuple[str, ...]) -> None:
    assert loaded(root, *words) <= {"gitops_ci.policy", "gitops_ci.policy.rules"}


def test_packs_that_are_not_switched_on_are_not_loaded(root: Path) -> None:
    (root / ".gitops-ci.yaml").write_text("version: 1\npolicy: {packs: [images]}\n")
    names = loaded(root, "check")
    assert "gitops_ci.policy.images.mutable_tag" in names
    assert not {name for name in names if ".pss." in name or ".reliability." in name}
