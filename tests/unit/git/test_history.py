"""What commits on a branch's own line did to files."""

from __future__ import annotations

import pytest

from gitops_ci.git.history import GitHistory
from gitops_ci.model.errors import UsageError
from tests.support.repository import Repository

START = 1_700_000_000


def told(repository: Repository, *paths: str, since: int = 0) -> list[tuple[str, bytes, bytes]]:
    """(path, before, after) of each step."""
    history = GitHistory(repository.root)
    steps = history.steps("HEAD", since, paths)
    contents = history.contents([oid for s in steps for oid in (s.before, s.after) if oid])
    return [(s.path, contents.get(s.before, b""), contents.get(s.after, b"")) for s in steps]


def test_steps_come_in_the_order_of_history(repository: Repository) -> None:
    repository.commit({"a": "1", "b": "1"})
    repository.commit({"a": "2"})
    repository.git("rm", "--quiet", "a")
    repository.commit()
    assert told(repository, "a") == [("a", b"", b"1"), ("a", b"1", b"2"), ("a", b"2", b"")]
    assert told(repository, "none") == []
    (step,) = GitHistory(repository.root).steps("HEAD", 0, ["b"])
    assert (len(step.commit), step.when, step.before) == (40, START + 1, "")


def test_older_commits_are_left_out(repository: Repository) -> None:
    for version in ("1", "2", "3"):
        repository.commit({"a": version})
    assert told(repository, "a", since=START + 3) == [("a", b"2", b"3")]


def test_a_merge_is_one_step_of_the_branch_that_takes_it(repository: Repository) -> None:
    repository.commit({"a": "1"})
    repository.git("switch", "--quiet", "-c", "topic")
    repository.commit({"a": "2"})
    repository.commit({"a": "3"})
    repository.git("switch", "--quiet", "main")
    repository.git("merge", "--quiet", "--no-ff", "--no-edit", "topic")
    assert told(repository, "a") == [("a", b"", b"1"), ("a", b"1", b"3")]


@pytest.mark.parametrize(
    "name", ["a b", "ä", "new\nline", ":(top)x", "*", '"q"', "\x01x", "\nx", ":100644 100644 0 0 M"]
)
def test_odd_names(repository: Repository, name: str) -> None:
    repository.commit({name: "1", "other": "1"})
    assert told(repository, name) == [(name, b"", b"1")]


def test_paths_are_relative_and_many_are_no_trouble(repository: Repository) -> None:
    repository.commit({f"team/f{number}": "1" for number in range(250)} | {"f1": "0"})
    history = GitHistory(repository.root / "team")
    assert len(history.steps("HEAD", 0, [f"f{number}" for number in range(250)])) == 250


def test_an_unknown_revision_is_a_usage_error(repository: Repository) -> None:
    with pytest.raises(UsageError):
        GitHistory(repository.root).steps("nowhere", 0, ["a"])
