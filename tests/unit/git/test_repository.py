"""Reading a repository through git: what is found, what is refused, what cannot run."""

from __future__ import annotations

import os
from pathlib import Path
from subprocess import CalledProcessError

import pytest

from gitops_ci.git.parse import Difference, FileChange, shown
from gitops_ci.git.repository import Departure, Git
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
    at = git.departure("main", "topic")
    assert at == Departure(git.rev_parse("main"), git.rev_parse("topic"), base)
    assert git.departure("HEAD^{/c.*}", "topic") == at  # not a name that git reads in a range


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


def test_a_partial_clone_names_the_cure(repository: Repository, tmp_path: Path) -> None:
    first = repository.commit({"a": "1\n"})
    repository.commit({"a": "2\n"})
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    words = ("clone", "--quiet", "--filter=blob:none", f"file://{repository.root}", str(clone))
    repository.git(*words)
    git = Git(clone)

    assert git.is_partial()
    with pytest.raises(IncompleteError) as raised:
        git.difference(first)
    assert "the clone is partial" in raised.value.hint
    with pytest.raises(IncompleteError) as other:
        Git(tmp_path).files()
    assert other.value.hint == ""


def test_unrelated_histories_have_no_base(repository: Repository, git: Git) -> None:
    repository.commit({"a": "1"})
    repository.git("checkout", "--quiet", "--orphan", "other")
    repository.commit({"a": "2"})

    assert not git.is_shallow()
    with pytest.raises(UsageError, match="no common ancestor"):
        git.merge_base("main", "other")
    with pytest.raises(UsageError, match="'--all' is not in this clone"):
        git.departure("--all", "other")


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
    base = repository.commit({"kept": "1", "gone": "no", "old": "x\n" * 9, "d/changed": "1"})
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
    assert list(git.difference(base, head).changes) == committed
    assert git.difference(base, head).renames == {"new": "old"}
    in_work_tree = [*committed, FileChange("fresh", "A"), FileChange("kept", "M")]
    found = git.difference(base)
    assert list(found.changes) == sorted(in_work_tree, key=lambda change: change.path)
    assert found.renames == {"new": "old"}


def test_a_file_that_becomes_a_link_or_a_directory(repository: Repository, git: Git) -> None:
    base = repository.commit({"link": "1", "d": "1", "mode": "1"})
    for name in ("link", "d"):
        (repository.root / name).unlink()
    (repository.root / "link").symlink_to("mode")
    (repository.root / "mode").chmod(0o755)
    head = repository.commit({"d/inside": "2"})

    changes = git.changes(base, head)

    assert [(change.path, change.status) for change in changes] == [
        ("d", "D"),
        ("d/inside", "A"),
        ("link", "T"),
        ("mode", "M"),
    ]
    assert git.difference(base, head).changes == changes
    assert git.difference(base).changes == changes
    assert "mode" not in git.difference(base).lines


def test_a_file_in_conflict_differs_by_what_the_work_tree_holds(
    repository: Repository, git: Git
) -> None:
    base = repository.commit({"a": "1\n", "b": "1\n"})
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit({"a": "2\n"})
    repository.git("checkout", "--quiet", "main")
    repository.commit({"a": "3\n"})
    with pytest.raises(CalledProcessError):
        repository.git("merge", "--quiet", "topic")

    found = git.difference(base)

    assert {change.path for change in found.changes} == {"a"}
    assert found.lines == {"a": {1, 2, 3, 4, 5}}


def test_nothing_differs_from_itself(repository: Repository, git: Git) -> None:
    repository.commit({"a": "1"})

    assert git.difference("HEAD") == git.difference("HEAD", "HEAD") == Difference()


def test_changes_of_a_part_are_relative_to_it(repository: Repository) -> None:
    base = repository.commit({"apps/a": "1", "other/b": "1"})
    repository.commit({"apps/a": "2", "other/b": "2"})

    git = Git(repository.root / "apps")

    assert git.changes(base, "HEAD") == (FileChange("a", "M"),)
    assert [blob.path for blob in git.tree("HEAD")] == [b"a"]
    assert set(git.difference(base, "HEAD").lines) == {"a"}
    assert [blob.path for blob in git.entries_at("HEAD", {"a", "b"})] == [b"a"]


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

    found = git.difference(base, head)

    assert found.opaque == {"bin"}
    assert found.lines == {
        "moved.yaml": {3, 10, 11},
        "sp ace": {1},
        'q"\tuote\n': {2},
        "new": {1, 2, 3},
    }


def test_lines_that_attributes_hide_are_told_as_opaque(repository: Repository, git: Git) -> None:
    names = ("a", "sp ace\nand", "\u00e4")
    base = repository.commit(dict.fromkeys(names, "1\n2\n3\n4\n"))
    repository.git("mv", "a", "moved")
    moved = ("moved", *names[1:])
    repository.commit({**dict.fromkeys(moved, "1\n2\n3\n5\n"), ".gitattributes": "* -diff"})

    found = git.difference(base)

    assert found.renames == {"moved": "a"}
    assert found.opaque == {*moved, ".gitattributes"}
    assert found.lines == {}


def test_blobs_come_in_batches(repository: Repository, git: Git) -> None:
    contents = {f"f{number}": f"{number}\n" * number for number in range(5)}
    repository.commit({**contents, "odd": b"\0\n\xff"})

    blobs = {blob.path.decode(): blob for blob in git.tree("HEAD")}
    read = dict(git.blobs(blobs.values()))

    assert {path: read[blobs[path].oid].decode() for path in contents} == contents
    assert read[blobs["odd"].oid] == b"\0\n\xff"
    assert blobs["f3"].size == 6


@pytest.mark.parametrize("many", [0, 600])
def test_entries_at_some_paths(repository: Repository, git: Git, many: int) -> None:
    names = ("a", "d/a", "d/b", ":(top)x", "*", "line\nbreak", "\u00e4", "back\\slash")
    repository.commit({**{name: name for name in names}, "other": "1", "e/f": "1"})
    (repository.root / "link").symlink_to("a")
    (repository.root / os.fsdecode(b"\xff")).write_text("1")
    repository.commit()
    wanted = {*names, "link", "\\xff", "missing", "e", *(f"no/{n}" for n in range(many))}

    found = git.entries_at("HEAD", wanted)

    assert set(found) == {blob for blob in git.tree("HEAD") if shown(blob.path) in wanted}
    assert {shown(blob.path) for blob in found} == {*names, "link", "\\xff"}
    assert git.entries_at("HEAD", ()) == ()


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
    git.changes(base, "HEAD")
    git.difference(base)
    git.tree("HEAD")

    assert not mark.exists()


def test_a_foreign_owner_is_no_obstacle(repository: Repository, git: Git) -> None:
    repository.commit({"a": "1"})

    assert git._environment["GIT_CONFIG_KEY_0"] == "safe.directory"
    assert git._environment["GIT_CONFIG_VALUE_0"] == str(repository.root.resolve())
    assert git.rev_parse("HEAD")
