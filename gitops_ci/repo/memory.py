"""A tree in memory: standard input, rendered output, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gitops_ci.repo.listed import ListedTree
from gitops_ci.repo.tree import Entry, EntryKind


class MemoryTree(ListedTree):
    """The tree of the given files; `links` maps a link's path to its target text."""

    def __init__(
        self, files: Mapping[str, bytes | str], links: Mapping[str, str] | None = None
    ) -> None:
        self._files = {
            path: data.encode() if isinstance(data, str) else data for path, data in files.items()
        }
        self._links = dict(links or {})

    def _list(self) -> Iterator[Entry]:
        for path, data in self._files.items():
            yield Entry(path, EntryKind.FILE, len(data))
        for path, target in self._links.items():
            yield Entry(path, EntryKind.LINK, target=target)

    def _load(self, entry: Entry) -> bytes:
        return self._files[entry.path]
