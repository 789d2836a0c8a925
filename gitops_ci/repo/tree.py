"""A tree of files, wherever it lies: on disk, in a git revision, or in memory.

Paths are relative to the root of the repository, with `/`, without `.` or `..`; the root is "".
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Protocol

from msgspec import Struct

ABSENT = "not-checked-out"
"""The skip reason of a file that is neither in the work tree nor in the clone."""


class EntryKind(Enum):
    """What a path is. A symbolic link is a LINK; it is followed only by `resolve`."""

    FILE = "file"
    DIRECTORY = "directory"
    LINK = "link"
    OTHER = "other"
    """A FIFO, socket, device or submodule: never opened."""


class Entry(Struct, frozen=True):
    """One path of the tree. `size` is in bytes (0 for directories), `target` a link's text;
    `nested` is a repository of its own, such as a submodule, fetched or not."""

    path: str
    kind: EntryKind
    size: int = 0
    executable: bool = False
    target: str = ""
    nested: bool = False


class Tree(Protocol):
    """Read access to one state of the repository. Nothing here follows a link out of the root."""

    def entries(self) -> tuple[Entry, ...]:
        """Every file, link and other non-directory that belongs to the tree, sorted by path.
        Files that git ignores and the `.git` directory are not part of it."""
        ...

    def entry(self, path: str) -> Entry | None:
        """The entry at `path`, directories included, or None."""
        ...

    def resolve(self, path: str) -> str | None:
        """`path` with every symbolic link in it followed; None if it does not exist, loops, or
        leaves the repository."""
        ...

    def read(self, path: str) -> bytes:
        """The bytes of the regular file at `path`, links followed. Raises UnreadableError."""
        ...

    @property
    def left_out(self) -> frozenset[str]:
        """The files that lie in git alone, where the others lie on disk: a sparse checkout."""
        ...

    @property
    def wanting(self) -> tuple[str, ...]:
        """What was read in vain so far, because it is in no part of this clone."""
        ...


def named(tree: Tree, name: str) -> Iterator[Entry]:
    """The entries of a tree, links included, that are called so, whatever directory they are in."""
    ending = f"/{name}"
    for entry in tree.entries():
        if entry.path.endswith(ending) or entry.path == name:
            yield entry


class UnreadableError(Exception):
    """A path that cannot be read; `reason` is a skip reason, the message is for a person."""

    def __init__(self, path: str, message: str, reason: str = "unreadable") -> None:
        super().__init__(message)
        self.path = path
        self.reason = reason
