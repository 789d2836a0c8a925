"""Programs are run to their end, or killed with their children."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from gitops_ci.tools.run import MissingProgramError, run

SLEEPS = """\
import subprocess, sys
subprocess.run([sys.executable, "-c", "import time; time.sleep(60)"])
"""


def test_what_it_reads_and_prints() -> None:
    done = run([sys.executable, "-c", "import sys; print(sys.stdin.read())"], stdin=b"x" * 200_000)
    assert (done.code, done.stdout, done.ok) == (0, b"x" * 200_000 + b"\n", True)


def test_nothing_to_read_is_an_end_at_once() -> None:
    assert run([sys.executable, "-c", "import sys; print(sys.stdin.read())"]).stdout == b"\n"


def test_what_fails() -> None:
    done = run([sys.executable, "-c", "import sys; sys.exit('no')"])
    assert (done.code, done.stderr, done.ok) == (1, "no\n", False)


def test_what_takes_too_long_is_killed_with_its_children() -> None:
    start = time.monotonic()
    done = run([sys.executable, "-c", SLEEPS], timeout=0.5)
    assert done.timed_out
    assert not done.ok
    assert time.monotonic() - start < 30


def test_only_listed_variables_are_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "x")
    code = "import os; print('SECRET_TOKEN' in os.environ, os.environ['MINE'])"
    assert run([sys.executable, "-c", code], env={"MINE": "y"}).stdout == b"False y\n"


def test_what_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(MissingProgramError, match="No such file"):
        run([tmp_path / "nothing"])
