"""The secret scan as a part of the check: it blocks, and never prints what it found."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from tests.support.command import Ended, gitops_ci
from tests.support.repository import Repository

VALUE = "".join(("hJ7", "kQ2", "vXz", "9Lm4", "Rt8", "WpY3"))
"""Invented; put together so that no file of this repository holds it."""
FORMS = (
    VALUE,
    base64.b64encode(VALUE.encode()).decode(),
    VALUE.encode().hex(),
)
SECRET = f"""\
apiVersion: v1
kind: Secret
metadata:
  name: db
stringData:
  password: {VALUE}
"""
SAFE = SECRET.replace(VALUE, "${DB_PASSWORD}")


def nothing_leaks(ended: Ended, *more: str) -> None:
    for text in (ended.out, ended.err, *more):
        masked = "\n".join(line for line in text.splitlines() if not line.startswith("::add-mask"))
        assert not any(form in masked for form in FORMS)


def test_a_plain_secret_blocks(repository: Repository) -> None:
    repository.commit({"a.yaml": SECRET})
    ended = gitops_ci(repository.root, "check", "--format", "json")
    assert ended.code == 1
    assert [(path, line) for path, line, _ in ended.places("error")] == [("a.yaml", 6)]
    nothing_leaks(ended)


@pytest.mark.parametrize(
    "name", ["text", "json", "sarif", "junit", "codequality", "gl-sast", "markdown"]
)
def test_no_report_holds_it(repository: Repository, name: str, tmp_path: Path) -> None:
    repository.commit({"a.yaml": SECRET})
    target = tmp_path / "report"
    words = ["secrets", "--format", name, f"--output={name}={target}"]
    ended = gitops_ci(repository.root, *words, environ={"GITHUB_ACTIONS": "true"}, runner=True)
    assert ended.code == 1
    nothing_leaks(ended, target.read_text())


def test_a_reference_is_silent(repository: Repository) -> None:
    repository.commit({"a.yaml": SAFE})
    assert gitops_ci(repository.root, "check").code == 0


def test_one_part_alone(repository: Repository) -> None:
    repository.commit({"a.yaml": SECRET.replace("metadata", "metadta")})
    rules = {
        part: {
            rule.partition("/")[0]
            for _, _, rule in gitops_ci(
                repository.root, "check", "--only", part, "--format", "json"
            ).places()
        }
        for part in ("validate", "secrets")
    }
    assert rules == {"validate": {"schema"}, "secrets": {"secret"}}


def judged(repository: Repository, base: str, tmp_path: Path) -> Ended:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"base": {"sha": base}}}))
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(event),
    }
    return gitops_ci(repository.root, "check", "--format", "json", environ=environ)


def test_a_change_answers_for_its_own_lines(repository: Repository, tmp_path: Path) -> None:
    base = repository.commit({"old.yaml": SECRET, "b.yaml": SAFE})
    repository.commit({"old.yaml": SECRET + "# more\n"})
    assert judged(repository, base, tmp_path).code == 0
    repository.commit({"b.yaml": SECRET})
    ended = judged(repository, base, tmp_path)
    assert ended.code == 1
    assert {path for path, _, _ in ended.places("error")} == {"b.yaml"}


@pytest.mark.parametrize("attributes", ["b.yaml -diff", "*.yaml binary", "b.yaml diff=other -text"])
def test_a_change_cannot_hide_its_lines_by_attributes(
    repository: Repository, tmp_path: Path, attributes: str
) -> None:
    base = repository.commit({"b.yaml": SAFE})
    repository.commit({"b.yaml": SECRET, ".gitattributes": f"{attributes}\n"})
    ended = judged(repository, base, tmp_path)
    assert ended.code == 1
    assert {path for path, _, _ in ended.places("error")} == {"b.yaml"}
