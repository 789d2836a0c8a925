"""Files on disk for programs that cannot read a Tree."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gitops_ci.repo.tree import EntryKind, Tree, UnreadableError

if TYPE_CHECKING:  # only programs that read a folder need one
    from tempfile import TemporaryDirectory


class Workspace:
    """Gives programs the repository as a folder: `root` if all of the tree lies on disk there, else
    a private copy that is made when it is first needed. `close` removes what was made."""

    def __init__(self, tree: Tree, root: Path | None = None) -> None:
        self._tree = tree
        self._root = root
        self._is_whole = False
        self._made: list[TemporaryDirectory[str]] = []

    def root(self) -> Path:
        """The folder that holds the whole tree."""
        if self._root is None or (not self._is_whole and self._tree.left_out):
            from tempfile import TemporaryDirectory

            folder = TemporaryDirectory(prefix="gitops-ci-tree-")
            self._made.append(folder)
            self._root, self._is_whole = Path(folder.name), True
            copy_tree(self._tree, "", self._root)
        return self._root

    def kept(self) -> Path:
        """An empty private folder that lasts as long as the workspace."""
        from tempfile import TemporaryDirectory

        folder = TemporaryDirectory(prefix="gitops-ci-")
        self._made.append(folder)
        return Path(folder.name).resolve()

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """An empty private folder for the length of the `with` block."""
        from tempfile import TemporaryDirectory

        with TemporaryDirectory(prefix="gitops-ci-") as folder:
            yield Path(folder).resolve()

    def close(self) -> None:
        """Remove the private copies."""
        for folder in self._made:
            folder.cleanup()


def copy_tree(tree: Tree, directory: str, target: Path) -> tuple[str, ...]:
    """Copy the files below `directory` of the tree into `target` and return their paths. Links are
    followed inside the repository and dropped when they lead out of it or to a folder."""
    prefix = f"{directory}/" if directory else ""
    copied = []
    for entry in tree.entries():
        if not entry.path.startswith(prefix):
            continue
        if entry.kind is EntryKind.OTHER:
            continue
        if entry.kind is EntryKind.LINK and not _is_file(tree, entry.path):
            continue
        try:
            data = tree.read(entry.path)
        except UnreadableError:
            continue
        place = target / os.path.relpath(entry.path, directory or ".")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        copied.append(entry.path)
    return tuple(copied)


def _is_file(tree: Tree, path: str) -> bool:
    resolved = tree.resolve(path)
    entry = tree.entry(resolved) if resolved else None
    return entry is not None and entry.kind is EntryKind.FILE
