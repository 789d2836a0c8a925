"""The common part of the trees: once all entries are known, every answer follows from them.

Paths are never handed to the operating system before the entries say that no link is in them, so
nothing outside the root can be reached through a link.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable
from functools import cached_property

from gitops_ci.repo.paths import parent
from gitops_ci.repo.tree import Entry, EntryKind, UnreadableError

MAX_READ = 64 * 2**20
"""No larger file is ever read into memory, whatever wants it (bytes)."""
_MAX_LINKS = 40
"""As many links as Linux follows in one path before it calls it a loop."""


class ListedTree(ABC):
    """A Tree over a list of entries that does not change."""

    @abstractmethod
    def _list(self) -> Iterable[Entry]:
        """Every entry that is not a directory."""

    @abstractmethod
    def _load(self, entry: Entry) -> bytes:
        """The bytes of a FILE entry. Raises UnreadableError."""

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        return tuple(sorted(self._list(), key=lambda entry: entry.path))

    @cached_property
    def _listed(self) -> dict[str, Entry]:
        return {entry.path: entry for entry in self._entries}

    @cached_property
    def _directories(self) -> frozenset[str]:
        found = {""}
        for holder in {parent(path) for path in self._listed}:
            directory = holder
            while directory not in found:
                found.add(directory)
                directory = parent(directory)
        return frozenset(found)

    @cached_property
    def _resolved(self) -> dict[str, str | None]:
        """What `resolve` found out; the same names are looked for again and again."""
        return {}

    @property
    def left_out(self) -> frozenset[str]:
        """No file: all of them lie in the same place."""
        return frozenset()

    @property
    def wanting(self) -> tuple[str, ...]:
        """Nothing: every file can be read."""
        return ()

    def entries(self) -> tuple[Entry, ...]:
        """Every file, link and other non-directory, sorted by path."""
        return self._entries

    def entry(self, path: str) -> Entry | None:
        """The entry at `path`, directories included, or None; no link is followed."""
        listed = self._listed.get(path)
        if listed is None and path in self._directories:
            return Entry(path, EntryKind.DIRECTORY)
        return listed

    def resolve(self, path: str) -> str | None:
        """`path` with every link in it followed; None if it does not exist, loops, or leaves the
        tree."""
        entry = self.entry(path)
        if entry is not None and entry.kind is not EntryKind.LINK:
            return path
        if path not in self._resolved:
            self._resolved[path] = self._follow(path)
        return self._resolved[path]

    def _follow(self, path: str) -> str | None:
        pending = deque(path.split("/"))
        done: list[str] = []
        links = 0
        while pending:
            step = pending.popleft()
            if step in ("", "."):
                continue
            if step == "..":
                if not done:
                    return None
                done.pop()
                continue
            entry = self.entry("/".join((*done, step)))
            if entry is None:
                return None
            if entry.kind is not EntryKind.LINK:
                done.append(step)
                continue
            links += 1
            if links > _MAX_LINKS or entry.target.startswith("/"):
                return None
            pending.extendleft(reversed(entry.target.split("/")))
        return "/".join(done)

    def read(self, path: str) -> bytes:
        """The bytes of the regular file at `path`, links followed. Raises UnreadableError."""
        real = self.resolve(path)
        entry = self.entry(path if real is None else real)
        if entry is None:
            raise UnreadableError(path, "no such file in the repository")
        if real is None:
            message = f"the link to '{entry.target}' leads to nothing in the repository"
            raise UnreadableError(path, message)
        if entry.kind is EntryKind.DIRECTORY:
            raise UnreadableError(path, "is a directory")
        if entry.kind is EntryKind.OTHER:
            raise UnreadableError(path, "is not a regular file")
        if entry.size > MAX_READ:
            raise too_large(path, entry.size, MAX_READ)
        return self._load(entry)


def too_large(path: str, size: int, limit: int) -> UnreadableError:
    """The error for a file of `size` bytes where `limit` are allowed."""
    message = f"the file has {size / 2**20:.1f} MiB, more than the {limit // 2**20} MiB allowed"
    return UnreadableError(path, message, "too-large")
