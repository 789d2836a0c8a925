"""A tree as it will be, when some of its files are changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gitops_ci.repo.listed import ListedTree
from gitops_ci.repo.tree import Entry, EntryKind, Tree


class ChangedTree(ListedTree):
    """`base` with other bytes at the paths of `files`; None takes a file away. The paths are those
    of regular files: what a link leads to is changed there."""

    def __init__(self, base: Tree, files: Mapping[str, bytes | None]) -> None:
        self._base = base
        self._files = dict(files)

    def _list(self) -> Iterator[Entry]:
        yield from (entry for entry in self._base.entries() if entry.path not in self._files)
        for path, data in self._files.items():
            if data is not None:
                yield Entry(path, EntryKind.FILE, len(data))

    @property
    def left_out(self) -> frozenset[str]:
        """Those of the tree below that nobody changed."""
        return self._base.left_out.difference(self._files)

    @property
    def wanting(self) -> tuple[str, ...]:
        """Those of the tree below."""
        return self._base.wanting

    def _load(self, entry: Entry) -> bytes:
        data = self._files.get(entry.path)
        return self._base.read(entry.path) if data is None else data
