"""The tree of one git revision, read from git's objects; the work tree is not touched."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

from gitops_ci.git.parse import LINK, SUBMODULE, Blob, shown
from gitops_ci.git.repository import Git
from gitops_ci.repo.listed import MAX_READ, ListedTree
from gitops_ci.repo.tree import Entry, EntryKind

_FIRST_AHEAD = 64
_AHEAD_BYTES = 16 * 2**20
_AHEAD_FILE = 2**20
_EXECUTABLE = 0o100755


class GitTree(ListedTree):
    """The files of `revision`, of `paths` alone if they are given. Raises UsageError at first use
    when the revision does not exist.

    Contents are read many at a time, because each call of git costs more than a file: a read
    fetches the files that follow it as well, of which each time twice as many.
    """

    def __init__(self, git: Git, revision: str, paths: frozenset[str] | None = None) -> None:
        self._git = git
        self._limit = paths
        self.revision = revision
        self._contents: dict[str, bytes] = {}
        self._ahead = _FIRST_AHEAD

    @cached_property
    def _blobs(self) -> dict[str, Blob]:
        if self._limit is None:
            blobs = self._git.tree(self.revision)
        else:
            blobs = self._git.entries_at(self.revision, self._limit)
        return {shown(blob.path): blob for blob in blobs}

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        return tuple(sorted(p for p, b in self._blobs.items() if b.mode not in (SUBMODULE, LINK)))

    def _list(self) -> Iterator[Entry]:
        links = [blob for blob in self._blobs.values() if blob.mode == LINK]
        self._contents.update(self._git.blobs(blob for blob in links if blob.size <= _AHEAD_FILE))
        for path, blob in self._blobs.items():
            if blob.mode == LINK:
                target = self._contents.get(blob.oid, b"").decode("utf-8", "backslashreplace")
                yield Entry(path, EntryKind.LINK, target=target)
            elif blob.mode == SUBMODULE or not _is_text(blob.path):
                yield Entry(path, EntryKind.OTHER, nested=blob.mode == SUBMODULE)
            else:
                yield Entry(path, EntryKind.FILE, blob.size, blob.mode == _EXECUTABLE)

    def _load(self, entry: Entry) -> bytes:
        blob = self._blobs[entry.path]
        if blob.oid not in self._contents:
            self._contents.update(self._git.blobs(self._with_followers(entry.path)))
        return self._contents[blob.oid]

    def _with_followers(self, path: str) -> list[Blob]:
        wanted = {self._blobs[path].oid: self._blobs[path]}
        total = 0
        for following in self._paths[bisect_left(self._paths, path) + 1 :]:
            blob = self._blobs[following]
            if blob.size > _AHEAD_FILE or blob.oid in self._contents:
                continue
            total += blob.size
            if total > min(_AHEAD_BYTES, MAX_READ) or len(wanted) > self._ahead:
                break
            wanted[blob.oid] = blob
        self._ahead *= 2
        return list(wanted.values())


def _is_text(name: bytes) -> bool:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
