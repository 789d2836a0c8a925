"""The folder in which an engine runs: the files it needs, at their usual paths, and the objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from gitops_ci.policy.engines.port import OBJECTS, POLICIES, REPOSITORY, Engine
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
        for folder in (self.cwd, self.private, self._objects, home / POLICIES):
            folder.mkdir()

    def bring(self, tree: Tree, paths: Iterable[str]) -> dict[str, bytes]:
        """Write the files of `tree` at and below `paths`, and return them. Raises
        UnreadableError."""
        brought = {}
        for entry in files_at(tree, paths):
            target = self.cwd / entry.path
            target.parent.mkdir(parents=True, exist_ok=True)
            brought[entry.path] = tree.read(entry.path)
            target.write_bytes(brought[entry.path])
        return brought

    def arrange(self, policies: Mapping[str, bytes]) -> None:
        """Write policies in the form in which an engine takes them."""
        for name, data in policies.items():
            (self.home / POLICIES / name).write_bytes(data)

    def lay_out(
        self, objects: Mapping[int, RenderedObject], engine: Engine, *, mask: bool
    ) -> Iterator[tuple[int, dict[str, Any] | None]]:
        """Write the objects that the engine judges in place of those before; gives them as they
        were written, None for one that cannot be."""
        for old in self._objects.iterdir():
            old.unlink()
        for number, thing in objects.items():
            value = engine.marked(number, masked(thing.value) if mask else thing.value)
            if value is None:
                continue
            text = text_of(value)
            if text is not None:
                write(self._objects, number, text)
            yield number, value if text is not None else None


def files_at(tree: Tree, paths: Iterable[str]) -> Iterator[Entry]:
    """The files of the tree at or below the paths, each once. Links are not followed."""
    wanted = [path.strip("/").removeprefix("./") for path in paths]
    for entry in tree.entries():
        if entry.kind is EntryKind.FILE and any(within(entry.path, path) for path in wanted):
            yield entry
