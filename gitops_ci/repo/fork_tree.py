"""The tree that the work tree departs from, without listing the revision as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.git.repository import Git
from gitops_ci.repo.git_tree import GitTree
from gitops_ci.repo.listed import ListedTree
from gitops_ci.repo.tree import Entry, Tree


class ForkTree(ListedTree):
    """The files of `revision`: at the paths that `differ` as git has them, everywhere else as the
    work tree `now` holds them. `differ` is all that git says differs, untracked files included.

    So what a filter of git changes on its way to the disk, such as line ends or the pointers of
    LFS, looks the same on both sides of a comparison.
    """

    def __init__(self, now: Tree, git: Git, revision: str, differ: frozenset[str]) -> None:
        self._now = now
        self._then = GitTree(git, revision, differ)
        self._differ = differ

    def _list(self) -> Iterator[Entry]:
        yield from (entry for entry in self._now.entries() if entry.path not in self._differ)
        yield from self._then.entries()

    @property
    def left_out(self) -> frozenset[str]:
        """Those of the work tree that do not differ."""
        return self._now.left_out.difference(self._differ)

    @property
    def wanting(self) -> tuple[str, ...]:
        """Those of the work tree."""
        return self._now.wanting

    def _load(self, entry: Entry) -> bytes:
        tree = self._then if entry.path in self._differ else self._now
        return tree.read(entry.path)
