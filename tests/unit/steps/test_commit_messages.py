"""Commits and titles of a change, where the configuration wants them conventional."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import gitops_ci
from tests.support.repository import Repository

RULE = "gate/commit-message"
ASKS = {".gitops-ci.yaml": "version: 1\ncommits: conventional\n", "a.txt": "one\n"}
ANY = {**ASKS, ".gitops-ci.yaml": "version: 1\n"}


@pytest.mark.parametrize(
    ("files", "subject", "title", "found"),
    [
        (ASKS, "fix: two", "fix: two", 0),
        (ASKS, "two", "fix: two", 1),
        (ASKS, "fix: two", "two", 1),
        (ASKS, "two", "two", 2),
        (ASKS, "fix: two", "", 0),
        (ANY, "two", "two", 0),
    ],
)
def test_a_pull_request(
    files: dict[str, str], subject: str, title: str, found: int,
    repository: Repository, tmp_path: Path,
) -> None:  # fmt: skip
    base = repository.commit(files, "whatever stands at the base")
    head = repository.commit({"a.txt": "two\n"}, subject)
    event = tmp_path / "event.json"
    pull = {"base": {"sha": base}, "head": {"sha": head}, "number": 1, "title": title}
    event.write_text(json.dumps({"pull_request": pull}), "utf-8")
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(event),
    }
    ended = gitops_ci(repository.root, "check", "--format", "json", environ=environ)
    assert ended.places() == [(".gitops-ci.yaml", 2, RULE)] * found
    assert ended.code == (1 if found else 0)


def test_by_hand(repository: Repository) -> None:
    base = repository.commit(ASKS, "base")
    repository.commit({"a.txt": "two\n"}, "second thoughts")
    ended = gitops_ci(repository.root, "check", "--format", "json", "--changed-since", base)
    (message,) = [row["message"] for row in ended.report["findings"]]
    assert message.endswith("it does not begin with a type: second thoughts")


def test_merges_and_the_past_are_left_alone(repository: Repository) -> None:
    repository.commit(ASKS, "base")
    assert gitops_ci(repository.root, "check").code == 0
