"""Adds entries to a list in a file of our own, and takes them away, byte by byte as people left the
rest. The file appears with its first entry and goes with its last one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.edit_text import block_lines
from gitops_ci.documents.edits import EditRefusedError, delete, insert
from gitops_ci.documents.read import read
from gitops_ci.documents.splice import splice
from gitops_ci.model.change import FileEdit
from gitops_ci.model.edit import NewFile, RemoveFile
from gitops_ci.model.errors import UsageError

Entry = Mapping[str, Any]


def added(path: str, source: SourceFile | None, entry: Entry) -> tuple[FileEdit, ...]:
    """The edits that put `entry` at the end of the list in the parsed file; None for a file that
    is not there. Raises UsageError for a file that holds something else than one list."""
    lines = "\n".join(block_lines(dict(entry), key=None, indented_lists=False)) + "\n"
    if source is None:
        return (NewFile(path, lines.encode("utf-8", "backslashreplace")),)
    items = _items(source)
    try:
        if items is None:
            raise EditRefusedError("it does not hold one list of entries")
        if items:
            return insert(source, 0, (len(items),), dict(entry))
    except EditRefusedError as error:
        raise UsageError(f"{path} cannot be added to: {error}", "write the entry by hand") from None
    start = source.data if source.data.endswith(b"\n") or not source.data else source.data + b"\n"
    return (NewFile(path, start + lines.encode("utf-8", "backslashreplace"), expect=source.data),)


def removed(path: str, source: SourceFile, indices: Collection[int]) -> tuple[FileEdit, ...]:
    """The edits that take the entries with these numbers away. Raises UsageError where one cannot
    be taken away without something else."""
    items = _items(source) or []
    if not indices:
        return ()
    if len(set(indices)) == len(items):
        return (RemoveFile(path, source.data),)
    now = source
    try:
        for index in sorted(indices, reverse=True):
            now = read(path, splice(now.data, delete(now, 0, (index,))))
    except EditRefusedError as error:
        hint = "take the entry away by hand"
        raise UsageError(f"{path} cannot be changed safely: {error}", hint) from None
    return (NewFile(path, now.data, expect=source.data),)


def _items(source: SourceFile) -> list[Any] | None:
    """The list; empty for a file without content, None for anything else."""
    if source.broken or len(source.documents) > 1:
        return None
    value = source.documents[0].value if source.documents else []
    return value if isinstance(value, list) else [] if value is None else None
