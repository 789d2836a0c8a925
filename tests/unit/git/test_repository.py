"""Reading a repository through git: what is found, what is refused, what cannot run."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_ci.git.parse import FileChange
from gitops_ci.git.repository import Git
from gitops_ci.model.errors import IncompleteError, UsageError
from tests.support.repository import Repository


@pytest.fixture
def git(repository: Repository) -> Git:
    return Git(repository.root)


def test_a_work_tree_is_found_from_inside(repository: Repository, tmp_path: Path) -> None:
    inside = repository.root / "a" / "b"
    inside.mkdir(parents=True)

    assert Git.discover(inside) is not None
    assert Git.discover(tmp_path) is None


def test_revisions_become_commit_ids(repository: Repository, git: Git) -> None:
    first = repository.commit({"a": "1"})
    second = repository.commit({"a": "2"})
    repository.git("tag", "--annotate", "v1", "--message=x", first)

    assert git.rev_parse("HEAD") == second
    assert git.rev_parse("HEAD~1") == first
    assert git.rev_parse("v1") == first
    assert git.rev_parse(first[:8]) == first


@pytest.mark.parametrize(
    "name", ["missing", "", "--all", "-n1", "--output=/tmp/x", "a\nb", "HEAD\0", "$(id)", "HEAD:a"]
)
def test_what_is_no_revision_is_an_error_with_a_next_step(
    repository: Repository, git: Git, name: str
) -> None:
    repository.commit({"a": "1"})

    with pytest.raises(UsageError, match="not in this clone") as raised:
        git.rev_parse(name)
    assert "git fetch" in raised.value.hint


def test_a_branch_that_looks_like_an_option_is_only_a_name(
    repository: Repository, git: Git
) -> None:
    oid = repository.commit({"a": "1"})
    (repository.root / ".git/refs/heads/--output=x").write_text(oid + "\n")

    assert git.find("--output=x") is None
    assert git.find("refs/heads/--output=x") == oid


def test_the_merge_base(repository: Repository, git: Git) -> None:
    base = repository.commit({"a": "1"})
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit({"b": "1"})
    repository.git("checkout", "--quiet", "main")
    repository.commit({"c": "1"})

    assert git.merge_base("main", "topic") == base


def test_a_shallow_clone_names_the_cure(repository: Repository, tmp_path: Path) -> None:
    first = repository.commit({"a": "1"})
    repository.commit({"a": "2"})
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--depth=1", f"file://{repository.root}", str(clone))
    git = Git(clone)

    assert git.is_shallow()
    with pytest.raises(UsageError) as raised:
        git.rev_parse(first)
    assert "fetch-depth: 0" in raised.value.hint
    assert "GIT_DEPTH" in raised.value.hint


def test_unrelated_histories_have_no_base(repository: Repository, git: Git) -> None:
    repository.commit({"a": "1"})
    repository.git("checkout", "--quiet", "--orphan", "other")
    repository.commit({"a": "2"})

    assert not git.is_shallow()
    with pytest.raises(UsageError, match="no common ancestor"):
        git.merge_base("main", "other")


def test_branches(repository: Repository, git: Git, tmp_path: Path) -> None:
    assert git.branch() == "main"
    assert git.default_branch() is None
    oid = repository.commit({"a": "1"})
    assert git.default_branch() == "main"

    repository.git("checkout", "--quiet", "--detach")
    assert git.branch() == ""

    clone = tmp_path / "clone"
    repository.git("checkout", "--quiet", "-b", "trunk")
    repository.git("clone", "--quiet", str(repository.root), str(clone))
    assert Git(clone).default_branch() == "origin/trunk"
    assert Git(clone).rev_parse("origin/trunk") == oid


def test_the_remote_is_told_without_credentials(repository: Repository, git: Git) -> None:
    assert git.remote_url() == ""
    repository.git("remote", "add", "origin", "https://user:secret@example.com/org/repo.git")

    assert git.remote_url() == "https://example.com/org/repo.git"


def test_changes_between_commits_and_to_the_work_tree(repository: Repository, git: Git) -> None:
    base = repository.commit({"kept": "1", "gone": "1", "old": "x\n" * 9, "d/changed": "1"})
    repository.git("mv", "old", "new")
    (repository.root / "gone").unlink()
    head = repository.commit({"d/changed": "2", "line\nbreak": "1"})
    repository.write({"kept": "2", "fresh": "1"})
    committed = [
        FileChange("d/changed", "M"),
        FileChange("gone", "D"),
        FileChange("line\nbreak", "A"),
        FileChange("new", "A"),
        FileChange("old", "D"),
    ]

    assert list(git.changes(base, head)) == committed
    in_work_tree = [*committed, FileChange("fresh", "A"), FileChange("kept", "M")]
    assert list(git.changes(base)) == sorted(in_work_tree, key=lambda change: change.path)


def test_changes_of_a_part_are_relative_to_it(repository: Repository) -> None:
    base = repository.commit({"apps/a": "1", "other/b": "1"})
    repository.commit({"apps/a": "2", "other/b": "2"})

    git = Git(repository.root / "apps")

    assert git.changes(base, "HEAD") == (FileChange("a", "M"),)
    assert [blob.path for blob in git.tree("HEAD")] == [b"a"]
    assert set(git.changed_lines(base, "HEAD")) == {"a"}


def test_changed_lines_are_those_of_the_new_side(repository: Repository, git: Git) -> None:
    text = "".join(f"{number}\n" for number in range(1, 11))
    base = repository.commit(
        {"a.yaml": text, "gone": "x\n", "sp ace": "1\n", 'q"\tuote\n': "1\n", "bin": b"\0\1"}
    )
    (repository.root / "gone").unlink()
    repository.git("mv", "a.yaml", "moved.yaml")
    changed = text.replace("3\n", "three\n").replace("7\n", "").replace("10\n", "10\n11\n12")
    head = repository.commit(
        {
            "moved.yaml": changed,
            "sp ace": "2\n",
            'q"\tuote\n': "1\n2\n",
            "bin": b"\0\2",
            "new": "+++ b/fake\n@@ -1 +1,9 @@\ndiff --git a/x b/x\n",
        }
    )

    assert git.changed_lines(base, head) == {
        "moved.yaml": {3, 10, 11},
        "sp ace": {1},
        'q"\tuote\n': {2},
        "new": {1, 2, 3},
    }


def test_blobs_come_in_batches(repository: Repository, git: Git) -> None:
    contents = {f"f{number}": f"{number}\n" * number for number in range(5)}
    repository.commit({**contents, "odd": b"\0\n\xff"})

    blobs = {blob.path.decode(): blob for blob in git.tree("HEAD")}
    read = dict(git.blobs(blobs.values()))

    assert {path: read[blobs[path].oid].decode() for path in contents} == contents
    assert read[blobs["odd"].oid] == b"\0\n\xff"
    assert blobs["f3"].size == 6


def test_a_missing_object_is_told(repository: Repository, git: Git) -> None:
    repository.commit({"a": "1"})
    (blob,) = git.tree("HEAD")
    (repository.root / ".git/objects" / blob.oid[:2] / blob.oid[2:]).unlink()

    with pytest.raises(IncompleteError):
        dict(git.blobs([blob]))


def test_a_missing_program_is_told(repository: Repository) -> None:
    with pytest.raises(IncompleteError) as raised:
        Git(repository.root, "no-such-git").files()

    assert "install git" in raised.value.hint


def test_a_broken_repository_is_told(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: nowhere\n")

    with pytest.raises(IncompleteError, match="git ls-files failed"):
        Git(tmp_path).files()


def test_the_repository_cannot_make_git_run_anything(repository: Repository, git: Git) -> None:
    trap = repository.root / "trap.sh"
    mark = repository.root / ".git" / "mark"
    trap.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
    trap.chmod(0o755)
    base = repository.commit({"a.txt": "1\n", ".gitattributes": "* diff=trap\n"})
    for key in ("core.fsmonitor", "core.pager", "diff.external", "diff.trap.textconv"):
        repository.git("config", key, str(trap))
    repository.git("config", "diff.trap.command", str(trap))
    hooks = repository.root / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("post-index-change", "post-checkout"):
        (hooks / hook).write_text(trap.read_text())
        (hooks / hook).chmod(0o755)
    repository.write({"a.txt": "2\n"})

    git.files()
    git.changes(base)
    git.changed_lines(base)
    git.tree("HEAD")

    assert not mark.exists()


def test_a_foreign_owner_is_no_obstacle(repository: Repository, git: Git) -> None:
    repository.commit({"a": "1"})

    assert git._environment["GIT_CONFIG_KEY_0"] == "safe.directory"
    assert git._environment["GIT_CONFIG_VALUE_0"] == str(repository.root.resolve())
    assert git.rev_parse("HEAD")
