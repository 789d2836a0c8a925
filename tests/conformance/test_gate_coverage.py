"""Every branch of every gate is taken by its tables."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.tools import ROOT, absent

pytestmark = pytest.mark.full


def test_the_tables_take_every_branch(tmp_path: Path) -> None:
    if find_spec("coverage") is None:
        absent("coverage is not installed")
    data = f"--data-file={tmp_path / 'coverage'}"
    program = [sys.executable, "-m", "coverage"]
    tests = [
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:xdist",
        "-m",
        "not nightly",
        "tests/unit/promote/gates",
    ]
    only = "--include=gitops_ci/promote/gates/*"
    ran = subprocess.run(
        [*program, "run", "--branch", only, data, *tests],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout
    told = subprocess.run(
        [*program, "report", "--show-missing", "--fail-under=100", data],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stdout
