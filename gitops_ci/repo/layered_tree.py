"""A tree that differs from another at a few paths: as it will be after a change, or as it was."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.repo.listed import ListedTree
from gitops_ci.repo.tree import Entry, Tree


class LayeredTree(ListedTree):
    """`below`, but at `paths` what `above` holds there: nothing where it has nothing. The paths are
    no links: what a link leads to is changed there."""

    def __init__(self, below: Tree, above: Tree, paths: frozenset[str]) -> None:
        self._below, self._above, self._paths = below, above, paths

    def _list(self) -> Iterator[Entry]:
        yield from (entry for entry in self._below.entries() if entry.path not in self._paths)
        yield from (entry for entry in self._above.entries() if entry.path in self._paths)

    @property
    def left_out(self) -> frozenset[str]:
        """Those of the tree below that do not differ."""
        return self._below.left_out.difference(self._paths)

    @property
    def wanting(self) -> tuple[str, ...]:
        """Those of the tree below."""
        return self._below.wanting

    def _load(self, entry: Entry) -> bytes:
        tree = self._above if entry.path in self._paths else self._below
        return tree.read(entry.path)
