"""The tree of the index: what the next commit would hold."""

from __future__ import annotations

from functools import cached_property

from gitops_ci.git.parse import Blob, shown
from gitops_ci.git.staging import GitIndex
from gitops_ci.repo.git_tree import GitTree


class IndexTree(GitTree):
    """The files of the index of `git`, whatever the work tree holds."""

    def __init__(self, git: GitIndex) -> None:
        super().__init__(git, "")
        self._index = git

    @cached_property
    def _blobs(self) -> dict[str, Blob]:
        return {shown(blob.path): blob for blob in self._index.entries()}
