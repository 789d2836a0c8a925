"""The index: what the next commit would hold."""

from __future__ import annotations

from functools import cached_property

from gitops_ci.git import parse
from gitops_ci.git.parse import Blob, Difference
from gitops_ci.git.repository import DIFF, DIFFERENCE, Git
from gitops_ci.model.errors import IncompleteError

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

    def left_out(self) -> tuple[tuple[Blob, ...], tuple[Blob, ...]]:
        """What a sparse checkout leaves out of the work tree: first the entries whose content is in
        this clone, then those of which a partial clone has none."""
        listed = list(parse.read_left_out(self._output("ls-files", "-t", "-s", "-z")))
        sizes = self._sizes_here({blob.oid for blob in listed if blob.mode != parse.SUBMODULE})
        here = (b for b in listed if b.oid in sizes or b.mode == parse.SUBMODULE)
        return (
            tuple(Blob(b.path, b.mode, b.oid, sizes.get(b.oid, 0)) for b in here),
            tuple(b for b in listed if b.oid not in sizes and b.mode != parse.SUBMODULE),
        )

    def _sizes_here(self, oids: set[str]) -> dict[str, int]:
        """As `sizes`. git before 2.45 wants to fetch a missing object only to say that it is."""
        try:
            return self.sizes(oids)
        except IncompleteError:
            words = ("--objects", "--missing=print", "--no-walk", self.rev_parse("HEAD"))
            rows = self._output("rev-list", *words).decode("utf-8", "replace").splitlines()
            lacking = {row.removeprefix("?") for row in rows if row.startswith("?")}
            return self.sizes(oids - lacking)

    def staged(self) -> Difference:
        """What differs from the last commit."""
        words = ("--cached", *DIFFERENCE, *DIFF, self._last, "--")
        return parse.read_difference(self._output("diff", *words))

    @cached_property
    def _last(self) -> str:
        return self.find("HEAD") or _EMPTY_TREE
