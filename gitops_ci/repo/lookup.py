"""Questions to a tree that several parts ask: what is below, what matches, what a text names."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

from gitops_ci.config.globs import PatternError, path_regex
from gitops_ci.documents.values import Value
from gitops_ci.repo.files import Files
from gitops_ci.repo.names import KUSTOMIZATION_NAMES, is_json, is_yaml
from gitops_ci.repo.paths import join, parent, parents
from gitops_ci.repo.tree import Entry, EntryKind, Tree, UnreadableError


class Places:
    """The directories and files of a tree, indexed."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self.tree: Tree = files.tree

    @cached_property
    def by_directory(self) -> dict[str, list[str]]:
        """The files (links not followed) that lie directly in each directory."""
        found: dict[str, list[str]] = defaultdict(list)
        for entry in self.tree.entries():
            if entry.kind is EntryKind.FILE:
                found[parent(entry.path)].append(entry.path)
        return dict(found)

    @cached_property
    def all_directories(self) -> tuple[str, ...]:
        """Every directory that holds something, sorted, without the root."""
        found: set[str] = set()
        for entry in self.tree.entries():
            for directory in parents(entry.path):
                if directory in found:
                    break
                found.add(directory)
        return tuple(sorted(found - {""}))

    def kustomization_in(self, directory: str) -> str | None:
        """The kustomization file of a directory, or None. Of several the first usual name."""
        for known in KUSTOMIZATION_NAMES:
            path = f"{directory}/{known}" if directory else known
            entry = self.tree.entry(path)
            if entry is not None and entry.kind in (EntryKind.FILE, EntryKind.LINK):
                return path
        return None

    def is_directory(self, path: str) -> bool:
        """Whether `path` (links followed) is a directory."""
        real = self.tree.resolve(path)
        entry = self.tree.entry(real) if real is not None else None
        return entry is not None and entry.kind is EntryKind.DIRECTORY

    def find(self, directory: str, text: str) -> str | None:
        """The path that `text`, written in a file of `directory`, leads to, links followed."""
        joined = join(directory, text)
        return self.tree.resolve(joined) if joined is not None else None

    def below(self, directory: str) -> Iterator[str]:
        """Every file in or below the directory."""
        prefix = f"{directory}/" if directory else ""
        entries = self.tree.entries()
        for index in range(bisect_left(entries, prefix, key=_path), len(entries)):
            entry = entries[index]
            if not entry.path.startswith(prefix):
                return
            if entry.kind is EntryKind.FILE:
                yield entry.path

    def directories(self, pattern: str) -> Iterable[str]:
        """The directories that a glob matches exactly; `*` is one segment."""
        return [path for path in self.all_directories if exactly(pattern, path)]

    def files(self, pattern: str) -> Iterable[tuple[str, Value]]:
        """(path, content) of the YAML or JSON files that a glob matches exactly."""
        for entry in self.tree.entries():
            path = entry.path
            if (is_yaml(path) or is_json(path)) and exactly(pattern, path):
                try:
                    documents = self._files.source(path).documents
                except UnreadableError:
                    continue
                for document in documents:
                    yield path, document.value


def _path(entry: Entry) -> str:
    return entry.path


@lru_cache(1024)
def _anchored(pattern: str) -> str | None:
    text = pattern.strip().removeprefix("./").strip("/")
    try:
        path_regex(f"/{text}")
    except PatternError:
        return None
    return f"/{text}" if text else None


def exactly(pattern: str, path: str) -> bool:
    """Whether the glob, anchored at the root, matches `path` itself and not only a parent."""
    anchored = _anchored(pattern)
    if anchored is None:
        return False
    if path_regex(anchored).match(path) is None:
        return False
    return "**" in anchored or anchored.count("/") == path.count("/") + 1
