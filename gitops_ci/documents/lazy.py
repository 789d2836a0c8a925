"""Files that are parsed at the first question about what is in them.

Much is decided by a path or by the bytes alone, and parsing takes ten times as long as reading.
"""

from __future__ import annotations

from gitops_ci.documents.document import Document, SourceFile
from gitops_ci.documents.read import read
from gitops_ci.model.finding import Finding


class LazySource(SourceFile):
    """A SourceFile whose `documents`, `problems` and `broken` are found out when somebody asks."""

    __slots__ = ("_parsed",)
    _parsed: SourceFile | None

    def __init__(self, path: str, data: bytes) -> None:
        for name, value in (("path", path), ("data", data), ("_parsed", None)):
            object.__setattr__(self, name, value)

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents."""
        return self._read().documents

    @property
    def problems(self) -> tuple[Finding, ...]:
        """The findings about the file's form."""
        return self._read().problems

    @property
    def broken(self) -> bool:
        """Whether some of the file could not be read."""
        return self._read().broken

    def _read(self) -> SourceFile:
        parsed = self._parsed
        if parsed is None:
            parsed = read(self.path, self.data)
            object.__setattr__(self, "_parsed", parsed)
        return parsed
