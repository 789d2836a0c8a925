"""`baseline create` and `baseline prune` on a repository."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from tests.support.command import gitops_ci
from tests.support.fakes import fill
from tests.support.repository import Repository

TOKEN = fill("{{fake:alnum 40}}", "baseline")
CREATE = ("baseline", "create", "--reason", "older", "--owner", "@org/shop")


def entries(repository: Repository) -> list[dict[str, Any]]:
    folder = repository.root / ".gitops-ci/baseline"
    files = sorted(folder.rglob("*.json"))
    return [row for file in files for row in json.loads(file.read_bytes())["findings"]]


def test_what_is_accepted_says_why_by_whom_and_until_when(repository: Repository) -> None:
    repository.commit({"v.yaml": f"token: {TOKEN}\n"})
    assert gitops_ci(repository.root, *CREATE, "--expires", "2999-12-31").code == 0
    (row,) = entries(repository)
    assert (row["reason"], row["owner"], row["expires"]) == ("older", "@org/shop", "2999-12-31")
    assert gitops_ci(repository.root, "secrets").code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--owner", "me"), "a baseline needs a reason"),
        (("--reason", " ", "--owner", "me"), "a baseline needs a reason"),
        (("--reason", "old", "--owner", "me", "--expires", "soon"), "no date such as"),
        (("--reason", "old", "--owner", "me", "--expires", "2027-02-30"), "no date such as"),
        (("--reason", "old", "--owner", "me", "--expires", "2001-01-01"), "is over"),
    ],
)
def test_nothing_is_accepted_without_them(
    repository: Repository, words: tuple[str, ...], told: str
) -> None:
    repository.commit({"v.yaml": f"token: {TOKEN}\n"})
    ended = gitops_ci(repository.root, "baseline", "create", *words)
    assert (ended.code, entries(repository)) == (2, [])
    assert told in ended.err


def test_what_detect_secrets_accepts_is_taken_over(repository: Repository) -> None:
    digest = hashlib.sha1(TOKEN.encode(), usedforsecurity=False).hexdigest()
    entry = {"type": "Secret Keyword", "hashed_secret": digest, "line_number": 1}
    legacy = json.dumps({"version": "1.5.0", "results": {"v.yaml": [entry]}})
    repository.commit({"v.yaml": f"token: {TOKEN}\n", ".secrets.baseline": legacy})
    ended = gitops_ci(repository.root, *CREATE)
    assert (ended.code, len(entries(repository))) == (0, 1)
    assert ".secrets.baseline" in ended.err
    assert (repository.root / ".secrets.baseline").read_text() == legacy
    assert "0 entries" in gitops_ci(repository.root, "baseline", "prune").out
    (repository.root / ".secrets.baseline").unlink()
    assert gitops_ci(repository.root, "secrets").code == 0
    assert TOKEN not in json.dumps(entries(repository))


def test_a_baseline_that_cannot_be_read_is_written_anew(repository: Repository) -> None:
    repository.commit({"v.yaml": f"token: {TOKEN}\n", ".gitops-ci/baseline/lost/old.json": "{"})
    assert gitops_ci(repository.root, *CREATE).code == 0
    (written,) = (repository.root / ".gitops-ci/baseline").rglob("*.json")
    written.write_text("<<<<<<< HEAD\n")
    closed = gitops_ci(repository.root, "secrets")
    assert (closed.code, "baseline create" in closed.err) == (2, True)
    assert gitops_ci(repository.root, "baseline", "prune").code == 2
    ended = gitops_ci(repository.root, *CREATE, "--expires", "2999-12-31")
    assert (ended.code, len(entries(repository))) == (0, 1)
    assert "is written anew" in ended.err
    assert gitops_ci(repository.root, "secrets").code == 0


def test_one_that_nothing_needs_is_removed(repository: Repository) -> None:
    repository.commit({"v.yaml": "a: 1\n", ".gitops-ci/baseline/old.json": "[]"})
    ended = gitops_ci(repository.root, *CREATE)
    assert (ended.code, "is removed" in ended.err) == (0, True)
    assert not (repository.root / ".gitops-ci/baseline/old.json").exists()
    assert gitops_ci(repository.root, "secrets").code == 0


def test_no_message_holds_the_value_of_a_secret(repository: Repository) -> None:
    release = (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: shop}\n"
        f"spec: {{interval: {TOKEN}}}\n"
    )
    repository.commit({"v.yaml": f"token: {TOKEN}\n", "release.yaml": release})
    assert gitops_ci(repository.root, *CREATE).code == 0
    rows = entries(repository)
    assert {row["rule"] for row in rows} >= {"secret/credential", "schema/invalid-value"}
    assert TOKEN not in json.dumps(rows)
    assert gitops_ci(repository.root, "check").code == 0
