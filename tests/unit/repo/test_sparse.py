"""Checkouts that leave out a part of what git tracks, of clones that have it and that do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_ci.git.repository import Git
from gitops_ci.repo.disk import DiskTree
from gitops_ci.repo.layered_tree import LayeredTree
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.repo.tree import UnreadableError
from tests.support.repository import Repository

FILES = {"here/a.yaml": "a: 1\n", "there/b.yaml": "b: 1\n", "there/c.yaml": "b: 1\n"}


def partial(repository: Repository, target: Path) -> Repository:
    """A clone without the content of files, but for what is checked out: `here` alone."""
    repository.git("config", "uploadpack.allowFilter", "true")
    words = ("clone", "--quiet", "--filter=blob:none", "--sparse")
    repository.git(*words, f"file://{repository.root}", str(target))
    made = Repository(target)
    made.git("sparse-checkout", "set", "here")
    return made


@pytest.fixture
def sparse(repository: Repository) -> Repository:
    repository.commit(FILES)
    repository.git("sparse-checkout", "set", "here")
    assert not (repository.root / "there").exists()
    return repository


def texts(tree: DiskTree) -> dict[str, str]:
    return {entry.path: tree.read(entry.path).decode() for entry in tree.entries()}


def test_what_is_left_out_is_read_from_git(sparse: Repository) -> None:
    tree = DiskTree(sparse.root)
    assert texts(tree) == FILES
    assert tree.left_out == {"there/b.yaml", "there/c.yaml"}
    assert tree.wanting == ()


def test_the_index_counts_and_not_the_last_commit(sparse: Repository) -> None:
    oid = sparse.git("hash-object", "-w", "here/a.yaml")
    sparse.git("update-index", "--cacheinfo", f"100644,{oid},there/b.yaml")
    sparse.git("update-index", "--skip-worktree", "there/b.yaml")
    assert texts(DiskTree(sparse.root))["there/b.yaml"] == "a: 1\n"


def test_what_is_there_all_the_same_is_read_from_disk(sparse: Repository) -> None:
    sparse.write({"there/b.yaml": "b: 2\n"})
    tree = DiskTree(sparse.root)
    assert texts(tree)["there/b.yaml"] == "b: 2\n"
    assert tree.left_out == {"there/c.yaml"}


def test_what_was_deleted_stays_deleted(sparse: Repository) -> None:
    (sparse.root / "here/a.yaml").unlink()
    assert set(texts(DiskTree(sparse.root))) == {"there/b.yaml", "there/c.yaml"}
    sparse.git("sparse-checkout", "disable")
    (sparse.root / "there/b.yaml").unlink()
    tree = DiskTree(sparse.root)
    assert (set(texts(tree)), tree.left_out) == ({"there/c.yaml"}, frozenset())


def test_a_folder_of_the_repository(sparse: Repository) -> None:
    assert DiskTree(sparse.root / "here").left_out == frozenset()
    sparse.git("sparse-checkout", "set", "--no-cone", "/there/c.yaml")
    tree = DiskTree(sparse.root / "there")
    assert (texts(tree), tree.left_out) == ({"b.yaml": "b: 1\n", "c.yaml": "b: 1\n"}, {"b.yaml"})


def test_a_partial_clone_says_what_it_lacks(repository: Repository, tmp_path: Path) -> None:
    repository.commit(FILES)
    clone = partial(repository, tmp_path / "clone")
    tree = DiskTree(clone.root)
    assert [entry.path for entry in tree.entries()] == sorted(FILES)
    assert tree.read("here/a.yaml") == b"a: 1\n"
    assert tree.wanting == ()
    with pytest.raises(UnreadableError, match="is not in this clone") as caught:
        tree.read("there/b.yaml")
    assert caught.value.reason == "not-checked-out"
    assert tree.wanting == ("there/b.yaml",)
    assert (Git(clone.root).is_partial(), Git(repository.root).is_partial()) == (True, False)


def test_a_partial_clone_reads_what_it_has(repository: Repository, tmp_path: Path) -> None:
    repository.commit(FILES | {"there/d.yaml": FILES["here/a.yaml"]})
    tree = DiskTree(partial(repository, tmp_path / "clone").root)
    assert tree.read("there/d.yaml") == b"a: 1\n"


def test_a_layered_tree_knows_what_is_left_out_below(sparse: Repository) -> None:
    above = MemoryTree({"there/b.yaml": b"b: 3\n"})
    tree = LayeredTree(DiskTree(sparse.root), above, frozenset({"there/b.yaml"}))
    assert tree.left_out == {"there/c.yaml"}
    assert (tree.read("there/b.yaml"), tree.read("there/c.yaml")) == (b"b: 3\n", b"b: 1\n")
    assert tree.wanting == ()


def test_without_git_there_is_what_lies_there(sparse: Repository, tmp_path: Path) -> None:
    (sparse.root / ".git").rename(tmp_path / "elsewhere")
    assert set(texts(DiskTree(sparse.root))) == {"here/a.yaml"}
