from __future__ import annotations

import os
from pathlib import Path

import pytest

from gitops_ci.tools.probe import probe, read_version


@pytest.mark.parametrize(
    ("text", "number", "kustomize"),
    [
        ("v3.18.4+gd80839c\n", (3, 18, 4), None),
        ("v5.5.0\n", (5, 5, 0), None),
        ("(devel)\n", None, None),
        ("development\n", None, None),
        ("version is set by build process\n", None, None),
        ("v3.18\n", (3, 18, 0), None),
        ("kustomize/v5.0.1\n", (5, 0, 1), None),
        ("Client Version: v1.32.4\nKustomize Version: v5.5.0\n", (1, 32, 4), (5, 5, 0)),
        (" ::::::::\n gator: a suite\n\nGitVersion:    v3.23.1\n", (3, 23, 1), None),
        ("Conftest: 0.66.0\nOPA: 1.12.1\n", (0, 66, 0), None),
        ("", None, None),
    ],
)
def test_versions_are_read_from_whatever_programs_say(
    text: str, number: tuple[int, int, int] | None, kustomize: tuple[int, int, int] | None
) -> None:
    version = read_version(text)
    assert (version.number, version.kustomize) == (number, kustomize)


def _script(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def test_the_answer_is_kept_until_the_file_changes(tmp_path: Path) -> None:
    tool = _script(tmp_path / "kustomize", "echo v5.5.0")
    first = probe(tool)
    assert first is not None
    assert first.number == (5, 5, 0)
    _script(tool, "echo v5.6.0")
    status = tool.stat()
    os.utime(tool, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000))
    second = probe(tool)
    assert second is not None
    assert second.number == (5, 6, 0)


@pytest.mark.parametrize("body", ["exit 1", "kill -9 $$"])
def test_a_program_that_fails_has_no_version(tmp_path: Path, body: str) -> None:
    assert probe(_script(tmp_path / "helm", body)) is None


def test_a_missing_program_has_no_version(tmp_path: Path) -> None:
    assert probe(tmp_path / "helm") is None
