"""Test files of Kyverno and what they name, read from a tree of files."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from gitops_ci.documents.document import SourceFile
from gitops_ci.policy.kyverno_test import NAMES, Suite
from gitops_ci.render.routes import items, text
from gitops_ci.repo.files import Files
from gitops_ci.repo.names import is_yaml
from gitops_ci.repo.paths import name, parent
from gitops_ci.repo.tree import UnreadableError


def suites_in(files: Files, directory: str = "") -> Iterator[Suite]:
    """The suites in and below a directory, by path. Raises UnreadableError for a file that a suite
    names and that is not there."""
    above = f"{directory}/" if directory else ""
    for entry in files.tree.entries():
        if name(entry.path) not in NAMES or not entry.path.startswith(above):
            continue
        source = files.source(entry.path)
        for document in source.documents:
            content = document.value
            if isinstance(content, dict) and text(content, "kind") == "Test":
                yield _suite(files, source, document.index, content)


def _suite(files: Files, source: SourceFile, document: int, content: dict[str, Any]) -> Suite:
    folder = parent(source.path)

    def named(field: str) -> tuple[SourceFile, ...]:
        paths = [str(path) for path in items(content, field)]
        return tuple(found for path in paths for found in _sources(files, folder, path))

    return Suite(
        source,
        document,
        content,
        (*named("policies"), *named("exceptions")),
        (*named("resources"), *named("targetResources")),
        _values(files, folder, content),
    )


def _values(files: Files, folder: str, content: Mapping[str, Any]) -> Mapping[str, Any]:
    inline = content.get("values")
    if isinstance(inline, dict):
        return inline
    path = text(content, "variables")
    for source in _sources(files, folder, path) if path else ():
        for document in source.documents:
            if isinstance(document.value, dict):
                return document.value
    return {}


def _sources(files: Files, folder: str, path: str) -> Iterator[SourceFile]:
    """The file at a path relative to the suite, or the YAML files in the directory there."""
    wanted = posixpath.normpath(posixpath.join(folder, path))
    if files.tree.entry(wanted) is None:
        raise UnreadableError(wanted, f"{path} is not in the repository")
    below = [
        entry.path
        for entry in files.tree.entries()
        if entry.path.startswith(f"{wanted}/") and is_yaml(entry.path)
    ]
    for found in below or [wanted]:
        yield files.source(found)
