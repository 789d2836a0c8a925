"""Parsed files of one tree: each is read and parsed once, however many roots use it."""

from __future__ import annotations

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.read import read
from gitops_ci.repo.tree import Tree

MAX_BYTES = 10 * 2**20
"""A larger YAML or JSON file is reported as too-large instead of being parsed."""


class Files:
    """The parsed files of `tree`. `source` raises UnreadableError for what cannot be read."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._sources: dict[str, SourceFile] = {}

    def source(self, path: str) -> SourceFile:
        """The file at `path`, parsed. Raises UnreadableError."""
        known = self._sources.get(path)
        if known is None:
            known = read(path, self.tree.read(path))
            self._sources[path] = known
        return known

    def known(self) -> tuple[SourceFile, ...]:
        """Every file that was parsed so far."""
        return tuple(self._sources.values())
