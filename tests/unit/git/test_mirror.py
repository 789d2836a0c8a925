"""Another repository in the cache: its branches with their history, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_ci.git.mirror import mirrored
from gitops_ci.git.repository import Git
from gitops_ci.model.errors import EndpointError
from tests.support.repository import Repository

FILE = ("file",)


def test_branches_come_with_their_history_and_are_kept_up_to_date(
    repository: Repository, tmp_path: Path
) -> None:
    first = repository.commit({"a": "1"})
    address = f"file://{repository.root}"
    folder = mirrored(address, tmp_path / "cache", protocols=FILE)
    assert Git(folder).rev_parse("main") == first
    second = repository.commit({"a": "2"})
    repository.git("branch", "live")
    assert mirrored(address, tmp_path / "cache", protocols=FILE) == folder
    git = Git(folder)
    assert (git.rev_parse("main"), git.rev_parse("live")) == (second, second)
    assert git.count_commits(first, second) == 1
    assert git.default_branch() is not None
    assert not (folder / "a").exists()


@pytest.mark.parametrize("address", ["file:///nowhere/at/all", "ext::sh -c true", "-u"])
def test_what_cannot_be_had_is_an_endpoint_error(address: str, tmp_path: Path) -> None:
    with pytest.raises(EndpointError, match="cannot be fetched"):
        mirrored(address, tmp_path, protocols=FILE)


def test_files_are_no_address_by_default(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"a": "1"})
    with pytest.raises(EndpointError):
        mirrored(f"file://{repository.root}", tmp_path)
