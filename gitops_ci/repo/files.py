"""The files of one tree: each is read and parsed at most once, however many roots use it."""

from __future__ import annotations

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.lazy import LazySource
from gitops_ci.repo.listed import too_large
from gitops_ci.repo.tree import Tree, UnreadableError

MAX_BYTES = 10 * 2**20
"""A larger YAML or JSON file is reported as too-large instead of being parsed."""


class Files:
    """The files of `tree`, parsed when somebody asks what is in them. `source` raises
    UnreadableError for what cannot be read.

    `twin` are the files of another revision: what has the same bytes there is not parsed again.
    """

    def __init__(self, tree: Tree, twin: Files | None = None) -> None:
        self.tree = tree
        self._twin = twin
        self._sources: dict[str, SourceFile] = {}

    def source(self, path: str) -> SourceFile:
        """The file at `path`. Raises UnreadableError."""
        known = self._sources.get(path)
        if known is None:
            known = self._read(path)
            self._sources[path] = known
        return known

    def find(self, path: str) -> SourceFile | None:
        """The file at `path`; None when it does not exist or cannot be read."""
        try:
            return self.source(path)
        except UnreadableError:
            return None

    def known(self) -> tuple[SourceFile, ...]:
        """Every file that was asked for so far."""
        return tuple(self._sources.values())

    def _read(self, path: str) -> SourceFile:
        real = self.tree.resolve(path)
        entry = self.tree.entry(real) if real is not None else None
        if entry is not None and entry.size > MAX_BYTES:
            raise too_large(path, entry.size, MAX_BYTES)
        data = self.tree.read(path)
        twin = self._twin and self._twin._sources.get(path)  # noqa: SLF001 - the same class
        return twin if twin and twin.data == data else LazySource(path, data)
