"""Texts inside a kustomization that are YAML files of their own: inline patches and plugins."""

from __future__ import annotations

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.read import read


class InlineTexts:
    """Parses each text once, however many kustomizations repeat it."""

    def __init__(self) -> None:
        self._known: dict[str, SourceFile] = {}

    def source(self, path: str, text: str) -> SourceFile:
        """The text as a file; `path` is the file around it, for messages."""
        known = self._known.get(text)
        if known is None:
            name = path[: -len(".json")] if path.endswith(".json") else path
            known = read(name, text.encode())
            self._known[text] = known
        return known
