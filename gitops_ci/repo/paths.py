"""Paths of the repository as text: joining, normalising, walking up."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator


def parent(path: str) -> str:
    """The directory of `path`; "" is the root."""
    return path.rpartition("/")[0]


def parents(path: str) -> Iterator[str]:
    """Every directory above `path`, the nearest first, the root ("") last."""
    while path:
        path = parent(path)
        yield path


def name(path: str) -> str:
    """The last segment."""
    return path.rpartition("/")[2]


def join(directory: str, relative: str) -> str | None:
    """`relative`, as written in a file of `directory`, as a path of the repository; None when it
    is absolute or leaves the repository."""
    if relative.startswith("/"):
        return None
    joined = posixpath.normpath(posixpath.join(directory, relative)) if relative else directory
    if joined == ".." or joined.startswith("../"):
        return None
    return "" if joined == "." else joined


def within(path: str, directory: str) -> bool:
    """Whether `path` is `directory` or lies below it."""
    return not directory or path == directory or path.startswith(directory + "/")
