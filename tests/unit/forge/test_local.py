"""What only the local forge has: a branch that is checked out, a clone in a subdirectory, races."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gitops_ci.forge.attempts import propose_until_it_stands
from gitops_ci.forge.local import LocalForge
from gitops_ci.git.writing import GitWriter
from gitops_ci.model.change import Change, Outcome
from gitops_ci.model.edit import NewFile
from gitops_ci.model.errors import ConflictError, UsageError
from tests.support.repository import Repository


class StoppedClock:
    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)


class RacedGit(GitWriter):
    """Somebody moves the branch just before we do, so many times."""

    def __init__(self, root: Path, repository: Repository, races: int) -> None:
        super().__init__(root)
        self._repository, self._races = repository, races

    def move_branch(self, branch: str, new: str | None, old: str | None) -> None:
        if self._races:
            self._races -= 1
            base = self._repository.git("rev-parse", "main")
            tree = self._repository.git("rev-parse", "main^{tree}")
            other = self._repository.git(
                "commit-tree", tree, "-p", base, "-m", f"{self._races}\n\nGitops-CI-Tree: {tree}"
            )
            self._repository.git("update-ref", f"refs/heads/{branch}", other)
        super().move_branch(branch, new, old)


def change(repository: Repository, branch: str = "bump/web") -> Change:
    revision = repository.git("rev-parse", "HEAD")
    return Change("title", "body", branch, "main", revision, (NewFile("b", b"b"),))


def test_a_lost_race_is_run_again_and_given_up_in_the_end(repository: Repository) -> None:
    repository.commit({"a": "a"})
    pauses: list[float] = []
    forge = LocalForge(RacedGit(repository.root, repository, 2), StoppedClock())
    make = lambda _: change(repository)  # noqa: E731 - it is used once
    proposal = propose_until_it_stands(forge, "main", make, pauses.append)
    assert proposal is not None
    assert proposal.outcome is Outcome.UPDATED
    assert len(pauses) == 2
    assert pauses[0] < pauses[1] * 3
    forge = LocalForge(RacedGit(repository.root, repository, 9), StoppedClock())
    with pytest.raises(ConflictError):
        propose_until_it_stands(
            forge, "main", lambda _: change(repository, "bump/api"), pauses.append
        )
    assert len(pauses) == 2 + 4


def test_a_branch_that_is_checked_out_is_not_moved(repository: Repository) -> None:
    repository.commit({"a": "a"})
    forge = LocalForge(GitWriter(repository.root), StoppedClock())
    with pytest.raises(UsageError, match="checked out"):
        forge.propose(change(repository, "main"))


def test_paths_are_relative_to_the_directory(repository: Repository) -> None:
    repository.commit({"team/a": "a", "b": "b"})
    forge = LocalForge(GitWriter(repository.root / "team"), StoppedClock())
    forge.propose(change(repository))
    assert repository.git("ls-tree", "-r", "--name-only", "bump/web").split() == [
        "b",
        "team/a",
        "team/b",
    ]


def test_hooks_do_not_run_and_settings_sign_nothing(repository: Repository) -> None:
    repository.commit({"a": "a"})
    hook = repository.root / ".git/hooks/reference-transaction"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    repository.git("config", "commit.gpgSign", "true")
    repository.git("config", "user.name", "Ada")
    repository.git("config", "user.email", "ada@example.com")
    forge = LocalForge(GitWriter(repository.root), StoppedClock())
    assert forge.propose(change(repository)).outcome is Outcome.CREATED
    assert repository.git("log", "-1", "--format=%an %cI", "bump/web").startswith("Ada 2026-01-01")
