from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from gitops_ci.model.severity import Severity
from gitops_ci.repo.disk import DiskTree
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.secrets.bandit import examine_python
from gitops_ci.secrets.bandit_rules import BANDIT_RULES, OTHER, rule_of

needs_bandit = pytest.mark.skipif(
    importlib.util.find_spec("bandit") is None, reason="bandit is not installed"
)
SOURCE = """import subprocess

password = "hunter2xx"
subprocess.call("ls", shell=True)
subprocess.call("ls", shell=True)  # nosec B602, B607
subprocess.call("ls", shell=True)  # nosec B101


def login(token="hunter2yy"):
    connect(secret="hunter2zz")
"""


def test_each_rule_has_words_of_its_own() -> None:
    assert len({rule.id for rule in BANDIT_RULES}) == len(BANDIT_RULES)
    assert rule_of("B602").severity is Severity.WARNING
    assert rule_of("B101").severity is Severity.NOTE
    assert rule_of("B999") is OTHER


@needs_bandit
def test_findings_have_their_place_and_no_value() -> None:
    result = examine_python(MemoryTree({"tools/a.py": SOURCE, "b.txt": SOURCE}))
    found = {(item.location.path, item.location.line, item.rule.id) for item in result.findings}
    assert ("tools/a.py", 4, "python/b602") in found
    assert ("tools/a.py", 3, "python/b105") in found
    assert "hunter2" not in repr(result)


@needs_bandit
def test_nosec_comments_are_suppressions() -> None:
    result = examine_python(MemoryTree({"a.py": SOURCE}))
    covered = {
        (finding.rule.id, finding.location.line)
        for finding in result.findings
        for item in result.suppressions
        if item.rule == finding.rule.id and item.scope.covers(finding, None)  # type: ignore[arg-type]
    }
    assert covered == {("python/b602", 5), ("python/b607", 5)}


@needs_bandit
def test_what_cannot_be_analysed_is_a_finding() -> None:
    result = examine_python(MemoryTree({"a.py": "def (", "b.py": "x = 1\n"}))
    assert [(item.rule.id, item.location.path) for item in result.findings] == [
        ("python/not-analysed", "a.py")
    ]


@needs_bandit
def test_scripts_are_known_by_their_first_line(tmp_path: Path) -> None:
    script = tmp_path / "run"
    script.write_text("#!/usr/bin/env python3\nexec('x')\n")
    script.chmod(0o755)
    (tmp_path / "other").write_text("#!/bin/sh\nexec('x')\n")
    (tmp_path / "other").chmod(0o755)
    result = examine_python(DiskTree(tmp_path))
    assert [item.location.path for item in result.findings] == ["run"]


@needs_bandit
def test_only_the_wanted_files() -> None:
    files = {"a.py": "exec('x')\n", "b.py": "exec('x')\n"}
    result = examine_python(MemoryTree(files), frozenset({"b.py"}))
    assert [item.location.path for item in result.findings] == ["b.py"]


@needs_bandit
def test_modules_of_the_repository_are_never_imported() -> None:
    result = examine_python(MemoryTree({"json.py": "raise SystemExit(1)\n", "a.py": "exec('x')\n"}))
    assert {item.location.path for item in result.findings} == {"a.py"}


@needs_bandit
def test_one_file_that_takes_too_long_does_not_hide_the_others() -> None:
    endless = "x = [" + '"a",' * 30_000 + "]\n"
    files = {"a.py": "exec('x')\n", "b.py": endless, "c.py": "exec('x')\n"}
    result = examine_python(MemoryTree(files), per_file=0.3)
    assert [(item.location.path, item.rule.id) for item in result.findings] == [
        ("a.py", "python/b102"),
        ("c.py", "python/b102"),
        ("b.py", "python/not-analysed"),
    ]


@needs_bandit
def test_a_time_limit() -> None:
    result = examine_python(MemoryTree({"a.py": "x = 1\n"}), timeout=0.01)
    assert [(skip.path, skip.reason) for skip in result.skipped] == [("a.py", "timeout")]


def test_without_python_nothing_is_started() -> None:
    assert examine_python(MemoryTree({"a.yaml": "a: 1\n"})).findings == ()
