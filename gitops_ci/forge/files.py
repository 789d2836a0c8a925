"""Edits to files as they will be: the one place that turns the ones into the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from msgspec import Struct

from gitops_ci.documents.splice import StaleEditError, splice
from gitops_ci.model.change import FileEdit
from gitops_ci.model.edit import Edit, NewFile, RemoveFile


class Changed(Struct, frozen=True):
    """One file before and after; None where it does not exist. `mode` is git's for a new file, 0
    for one that keeps its own."""

    path: str
    before: bytes | None
    after: bytes | None
    mode: int = 0


Read = Callable[[str], bytes | None]
"""The bytes of a file by its path, None when it is not there."""


def changed_files(edits: Iterable[FileEdit], read: Read) -> tuple[Changed, ...]:
    """What `edits` make of the files that `read` knows, sorted by path, without files that stay
    the same. Raises StaleEditError when an edit does not fit: nothing is to be written then."""
    splices: dict[str, list[Edit]] = defaultdict(list)
    changed: dict[str, Changed] = {}
    for edit in edits:
        if isinstance(edit, Edit):
            splices[edit.path].append(edit)
        else:
            changed[edit.path] = _whole(edit, read(edit.path), taken=edit.path in changed)
    for path, parts in splices.items():
        before = read(path)
        if before is None or path in changed:
            raise StaleEditError(f"{path} is not there any more")
        changed[path] = Changed(path, before, splice(before, parts))
    return tuple(changed[path] for path in sorted(changed) if _differs(changed[path]))


def _whole(edit: NewFile | RemoveFile, before: bytes | None, *, taken: bool) -> Changed:
    if taken:
        raise StaleEditError(f"{edit.path} is changed twice")
    if isinstance(edit, NewFile):
        if before not in (edit.expect, edit.data):
            raise StaleEditError(f"{edit.path} does not hold what is to be replaced")
        return Changed(edit.path, before, edit.data, edit.mode)
    if before is not None and before != edit.expect:
        raise StaleEditError(f"{edit.path} holds something else by now")
    return Changed(edit.path, before, None)


def _differs(item: Changed) -> bool:
    return item.before != item.after
