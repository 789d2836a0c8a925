"""The folder in which an engine runs: the files it needs, at their usual paths, and the objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from gitops_ci.policy.engines.port import OBJECTS, REPOSITORY
from gitops_ci.policy.engines.sending import masked, text_of, write
from gitops_ci.render.objects import RenderedObject
from gitops_ci.repo.paths import within
from gitops_ci.repo.tree import Entry, EntryKind, Tree


class Workplace:
    """The folder at `home`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.cwd = home / REPOSITORY
        self.private = home / "private"
        self._objects = home / OBJECTS
        for folder in (self.cwd, self.private, self._objects):
            folder.mkdir()

    def bring(self, tree: Tree, paths: Iterable[str]) -> None:
        """Write the files of `tree` at and below `paths`. Raises UnreadableError."""
        for entry in files_at(tree, paths):
            target = self.cwd / entry.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(tree.read(entry.path))

    def lay_out(
        self, objects: Mapping[int, RenderedObject], *, mask: bool
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """Write the objects in place of those before; gives those that could be written, as they
        were."""
        for old in self._objects.iterdir():
            old.unlink()
        for number, thing in objects.items():
            value = masked(thing.value) if mask else thing.value
            text = text_of(value)
            if text is not None:
                write(self._objects, number, text)
                yield number, value


def files_at(tree: Tree, paths: Iterable[str]) -> Iterator[Entry]:
    """The files of the tree at or below the paths, each once. Links are not followed."""
    wanted = [path.strip("/").removeprefix("./") for path in paths]
    for entry in tree.entries():
        if entry.kind is EntryKind.FILE and any(within(entry.path, path) for path in wanted):
            yield entry
