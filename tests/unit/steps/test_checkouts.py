"""`check` of a pull request in the kinds of checkouts that jobs find themselves in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Ended, gitops_ci
from tests.support.repository import Repository
from tests.unit.steps.test_pull_request import GOOD, NEW_FAULT, OLD_FAULT, pull_request

FILES = {"old/a.yaml": OLD_FAULT, "other/b.yaml": GOOD}
BROUGHT = [("other/b.yaml", 5, "schema/unknown-field")]


@pytest.fixture
def base(repository: Repository) -> str:
    """The tip of main; the topic branch brings a fault and is checked out."""
    repository.commit({"old/a.yaml": GOOD})
    base = repository.commit(FILES)
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit({"other/b.yaml": NEW_FAULT})
    return base


def judged(root: Path, base: str, folder: Path) -> Ended:
    return gitops_ci(root, "check", "--format", "json", environ=pull_request(base, folder))


def test_a_merge_commit_that_is_on_no_branch(
    repository: Repository, base: str, tmp_path: Path
) -> None:
    repository.git("checkout", "--quiet", "main")
    main = repository.commit({"third/c.yaml": OLD_FAULT})
    repository.git("checkout", "--quiet", "--detach", "main")
    repository.git("merge", "--quiet", "--no-edit", "topic")
    assert judged(repository.root, main, tmp_path).places() == BROUGHT


def test_a_base_that_was_rewritten(repository: Repository, base: str, tmp_path: Path) -> None:
    repository.git("checkout", "--quiet", "main")
    repository.write({"third/c.yaml": OLD_FAULT})
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--amend", "--message=rewritten")
    main = repository.git("rev-parse", "main")
    repository.git("checkout", "--quiet", "topic")
    assert ("other/b.yaml", 5, "schema/unknown-field") in judged(
        repository.root, main, tmp_path
    ).places()


def test_a_linked_work_tree(repository: Repository, base: str, tmp_path: Path) -> None:
    repository.git("checkout", "--quiet", "main")
    linked = tmp_path / "linked"
    repository.git("worktree", "add", "--quiet", str(linked), "topic")
    assert judged(linked, base, tmp_path).places() == BROUGHT


def test_a_submodule_that_was_not_fetched(
    repository: Repository, base: str, tmp_path: Path
) -> None:
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{base},module")
    repository.git("commit", "--quiet", "--message=a submodule")
    (repository.root / "module").mkdir()
    assert judged(repository.root, base, tmp_path).places() == BROUGHT


def test_a_sparse_checkout(repository: Repository, base: str, tmp_path: Path) -> None:
    repository.git("sparse-checkout", "set", "other")
    assert not (repository.root / "old").exists()
    assert judged(repository.root, base, tmp_path).places() == BROUGHT


def test_a_shallow_clone(repository: Repository, base: str, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    words = ("clone", "--quiet", "--depth=1", "--branch=topic")
    repository.git(*words, f"file://{repository.root}", str(clone))
    assert judged(clone, base, tmp_path).places() == BROUGHT


def test_no_repository(tmp_path: Path) -> None:
    (tmp_path / "job").mkdir()
    (tmp_path / "job/b.yaml").write_text(NEW_FAULT)
    assert judged(tmp_path / "job", "f" * 40, tmp_path).code == 2
    assert gitops_ci(tmp_path / "job", "check").code == 1
