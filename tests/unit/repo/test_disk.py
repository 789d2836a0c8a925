"""What lies on a disk and is no ordinary file."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from gitops_ci.git.repository import Git
from gitops_ci.repo import listed
from gitops_ci.repo.disk import DiskTree
from gitops_ci.repo.files import Files
from gitops_ci.repo.git_tree import GitTree
from gitops_ci.repo.tree import EntryKind, UnreadableError
from tests.support.repository import Repository

LATIN = b"caf\xe9.yaml"


def _kinds(tree: DiskTree | GitTree) -> dict[str, EntryKind]:
    return {entry.path: entry.kind for entry in tree.entries()}


def test_pipes_and_sockets_are_listed_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        tree = DiskTree(tmp_path)

        assert _kinds(tree) == {"pipe.yaml": EntryKind.OTHER, "socket": EntryKind.OTHER}
        with pytest.raises(UnreadableError, match="not a regular file"):
            tree.read("pipe.yaml")


def test_a_file_that_turns_into_a_pipe_does_not_block(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n")
    tree = DiskTree(tmp_path)
    tree.entries()
    (tmp_path / "a.yaml").unlink()
    os.mkfifo(tmp_path / "a.yaml")

    with pytest.raises(UnreadableError, match="not a regular file"):
        tree.read("a.yaml")


def test_a_file_that_turns_into_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n")
    tree = DiskTree(tmp_path)
    tree.entries()
    (tmp_path / "a.yaml").unlink()
    (tmp_path / "a.yaml").symlink_to("/etc/hostname")

    with pytest.raises(UnreadableError, match="cannot be opened"):
        tree.read("a.yaml")


def test_a_file_that_vanishes_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n")
    tree = DiskTree(tmp_path)
    tree.entries()
    (tmp_path / "a.yaml").unlink()

    with pytest.raises(UnreadableError, match="cannot be opened"):
        tree.read("a.yaml")


@pytest.mark.parametrize("in_git", [False, True])
def test_a_name_that_is_not_utf8_is_shown_and_never_opened(tmp_path: Path, in_git: bool) -> None:
    if in_git:
        Repository(tmp_path)
    (tmp_path / os.fsdecode(LATIN)).write_text("a: 1\n")
    tree = DiskTree(tmp_path)

    assert _kinds(tree) == {"caf\\xe9.yaml": EntryKind.OTHER}
    with pytest.raises(UnreadableError):
        tree.read("caf\\xe9.yaml")


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "large.yaml").open("wb") as file:
        file.truncate(50 * 2**20)
    with (tmp_path / "vast.bin").open("wb") as file:
        file.truncate(listed.MAX_READ + 1)
    tree = DiskTree(tmp_path)

    with pytest.raises(UnreadableError, match=r"50\.0 MiB") as parsed:
        Files(tree).source("large.yaml")
    with pytest.raises(UnreadableError) as read:
        tree.read("vast.bin")
    assert (parsed.value.reason, read.value.reason) == ("too-large", "too-large")


@pytest.mark.skipif(os.geteuid() == 0, reason="platform: root may read everything")
def test_a_directory_that_cannot_be_listed_is_an_entry(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)

    assert _kinds(DiskTree(tmp_path)) == {"closed": EntryKind.OTHER}


def test_git_decides_what_belongs_to_the_tree(repository: Repository) -> None:
    repository.commit({"kept.yaml": "a: 1\n", "gone.yaml": "a: 1\n", ".gitignore": "ignored/\n"})
    repository.write({"new.yaml": "a: 1\n", "ignored/x.yaml": "a: 1\n", "deep/.hidden": "x"})
    (repository.root / "gone.yaml").unlink()

    assert set(_kinds(DiskTree(repository.root))) == {
        ".gitignore",
        "deep/.hidden",
        "kept.yaml",
        "new.yaml",
    }


def test_a_part_of_a_work_tree_is_a_tree(repository: Repository) -> None:
    repository.commit({"apps/a.yaml": "a: 1\n", "other/b.yaml": "a: 1\n"})

    tree = DiskTree(repository.root / "apps")

    assert [entry.path for entry in tree.entries()] == ["a.yaml"]
    assert tree.read("a.yaml") == b"a: 1\n"


def test_a_directory_that_git_ignores_is_read_as_it_is(repository: Repository) -> None:
    repository.commit({".gitignore": "build/\n"})
    repository.write({"build/out.yaml": "a: 1\n"})

    assert set(_kinds(DiskTree(repository.root / "build"))) == {"out.yaml"}


def test_a_directory_without_git_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.yaml").write_text("x: 1\n")
    (tmp_path / "a" / ".git").write_text("a broken pointer")

    assert set(_kinds(DiskTree(tmp_path))) == {"a/b.yaml"}


def test_an_empty_directory_and_an_empty_repository_have_no_entries(
    tmp_path: Path, repository: Repository
) -> None:
    (tmp_path / "empty").mkdir()

    assert DiskTree(tmp_path / "empty").entries() == ()
    assert DiskTree(repository.root).entries() == ()


def test_a_submodule_and_a_nested_repository_are_not_entered(
    repository: Repository, tmp_path: Path
) -> None:
    nested = Repository(repository.root / "nested")
    oid = nested.commit({"x.yaml": "a: 1\n"})
    repository.write({"a.yaml": "a: 1\n"})
    repository.git("add", "a.yaml")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{oid},module")
    repository.git("commit", "--quiet", "--message=x")
    (repository.root / "module").mkdir()

    assert _kinds(DiskTree(repository.root)) == {
        "a.yaml": EntryKind.FILE,
        "module": EntryKind.OTHER,
        "nested": EntryKind.OTHER,
    }
    assert _kinds(GitTree(Git(repository.root), "HEAD")) == {
        "a.yaml": EntryKind.FILE,
        "module": EntryKind.OTHER,
    }


def test_the_executable_bit_is_known(repository: Repository) -> None:
    repository.write({"run": "x", "plain": "x"})
    (repository.root / "run").chmod(0o755)
    repository.commit()

    for tree in (DiskTree(repository.root), GitTree(Git(repository.root), "HEAD")):
        assert {e.path: e.executable for e in tree.entries()} == {"run": True, "plain": False}


def test_a_revision_does_not_see_the_work_tree(repository: Repository) -> None:
    repository.commit({"a.yaml": "old\n", "b.yaml": "same\n"})
    repository.write({"a.yaml": "new\n", "c.yaml": "x\n"})
    tree = GitTree(Git(repository.root), "HEAD")

    assert set(_kinds(tree)) == {"a.yaml", "b.yaml"}
    assert tree.read("a.yaml") == b"old\n"


def test_files_that_are_equal_in_two_revisions_are_parsed_once(repository: Repository) -> None:
    repository.commit({"a.yaml": "a: 1\n", "b.yaml": "b: 1\n"})
    repository.write({"b.yaml": "b: 2\n"})
    head = Files(DiskTree(repository.root))
    same, other = head.source("a.yaml"), head.source("b.yaml")

    base = Files(GitTree(Git(repository.root), "HEAD"), head)

    assert base.source("a.yaml") is same
    assert base.source("b.yaml") is not other
    assert base.source("b.yaml").documents[0].value == {"b": 1}
    assert base.source("a.yaml") is base.source("a.yaml")
    assert len(base.known()) == 2
