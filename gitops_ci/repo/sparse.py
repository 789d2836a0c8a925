"""What a sparse checkout leaves out of the work tree: it belongs to the repository all the same."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from gitops_ci.git.parse import Blob, shown
from gitops_ci.git.staging import GitIndex
from gitops_ci.repo.git_tree import GitTree
from gitops_ci.repo.tree import ABSENT, Entry, EntryKind, UnreadableError


class LeftOutTree(GitTree):
    """The files of the index of `git` that are not in the work tree. Of those whose content a
    partial clone lacks the size is 0, and reading raises UnreadableError."""

    def __init__(self, git: GitIndex) -> None:
        super().__init__(git, "")
        self._index = git
        self._wanting: list[str] = []

    @cached_property
    def _found(self) -> tuple[tuple[Blob, ...], tuple[Blob, ...]]:
        return self._index.left_out()

    @cached_property
    def _blobs(self) -> dict[str, Blob]:
        return {shown(blob.path): blob for blob in self._found[0]}

    @cached_property
    def _absent(self) -> frozenset[str]:
        return frozenset(shown(blob.path) for blob in self._found[1])

    def _list(self) -> Iterator[Entry]:
        yield from super()._list()
        yield from (Entry(path, EntryKind.FILE) for path in self._absent)

    def _load(self, entry: Entry) -> bytes:
        if entry.path not in self._absent:
            return super()._load(entry)
        self._wanting.append(entry.path)
        message = "is left out of the sparse checkout, and its content is not in this clone"
        raise UnreadableError(entry.path, message, ABSENT)

    @property
    def wanting(self) -> tuple[str, ...]:
        """What was read in vain so far, because it is in no part of this clone."""
        return tuple(self._wanting)
