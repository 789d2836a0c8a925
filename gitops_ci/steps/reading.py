"""Small ways to read a tree."""

from __future__ import annotations

from collections.abc import Callable

from gitops_ci.repo.tree import Tree, UnreadableError


def reader(tree: Tree) -> Callable[[str], bytes | None]:
    """The bytes of a file by its path, None when it is not there or cannot be read."""

    def read(path: str) -> bytes | None:
        try:
            return tree.read(path)
        except UnreadableError:
            return None

    return read
