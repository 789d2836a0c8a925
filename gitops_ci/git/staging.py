"""The index: what the next commit would hold."""

from __future__ import annotations

from functools import cached_property

from gitops_ci.git import parse
from gitops_ci.git.parse import Blob, Difference
from gitops_ci.git.repository import DIFF, DIFFERENCE, Git

_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""The id of the tree without files, which git knows without having it."""


class GitIndex(Git):
    """A repository whose index is read. Raises as Git does."""

    def entries(self) -> tuple[Blob, ...]:
        """Every file, link and submodule of the index; one that is in conflict is left out."""
        staged = list(parse.read_index(self._output("ls-files", "-s", "-z")))
        sizes = self.sizes({blob.oid for blob in staged})
        return tuple(
            Blob(blob.path, blob.mode, blob.oid, sizes.get(blob.oid, 0)) for blob in staged
        )

    def staged(self) -> Difference:
        """What differs from the last commit."""
        words = ("--cached", *DIFFERENCE, *DIFF, self._last, "--")
        return parse.read_difference(self._output("diff", *words))

    @cached_property
    def _last(self) -> str:
        return self.find("HEAD") or _EMPTY_TREE
