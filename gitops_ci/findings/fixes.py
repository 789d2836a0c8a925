"""Which safe fixes are applied together: each whole or not at all, in the order of the findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from gitops_ci.documents.read import read
from gitops_ci.documents.splice import StaleEditError, splice
from gitops_ci.model.edit import Edit
from gitops_ci.model.finding import Finding

Read = Callable[[str], bytes | None]
"""The bytes that a file of the repository holds now; None when it is no file of it."""

OVERLAPS = "it overlaps another fix: run again"
STALE = "the file has changed since it was checked"
FOREIGN = "it is no file of the repository that could be written"
BREAKS = "the file could not be read any more afterwards"


class Left(Struct, frozen=True):
    """A fix that is not applied, and why."""

    finding: Finding
    reason: str


class Mending(Struct, frozen=True):
    """What is applied: the findings that it mends, their edits, each once, and what is left."""

    fixed: tuple[Finding, ...] = ()
    edits: tuple[Edit, ...] = ()
    left: tuple[Left, ...] = ()


def choose(findings: Iterable[Finding], read_file: Read) -> Mending:
    """The safe fixes that fit the files and each other. A fix that two findings share counts for
    both; of two that overlap the first one wins."""
    chosen = _Chosen(read_file)
    fixed, left = [], []
    for finding in findings:
        fix = finding.fix
        if fix is None or not fix.safe or not fix.edits:
            continue
        reason = chosen.add(fix.edits)
        if reason:
            left.append(Left(finding, reason))
        else:
            fixed.append(finding)
    return Mending(tuple(fixed), tuple(chosen.edits), tuple(left))


class _Chosen:
    """The edits that are applied so far."""

    def __init__(self, read_file: Read) -> None:
        self._read = read_file
        self._files: dict[str, bytes | None] = {}
        self.edits: dict[Edit, None] = {}

    def add(self, edits: tuple[Edit, ...]) -> str:
        """Take the edits, all or none; returns what speaks against it."""
        fresh = [edit for edit in edits if edit not in self.edits]
        for edit in fresh:
            if self._data(edit.path) is None:
                return FOREIGN
            if any(_overlap(edit, other) for other in self.edits):
                return OVERLAPS
        for path in dict.fromkeys(edit.path for edit in fresh):
            reason = self._tried(path, fresh)
            if reason:
                return reason
        self.edits.update(dict.fromkeys(fresh))
        return ""

    def _tried(self, path: str, fresh: list[Edit]) -> str:
        data = self._data(path) or b""
        together = [edit for edit in (*self.edits, *fresh) if edit.path == path]
        try:
            after = splice(data, together)
        except (StaleEditError, UnicodeDecodeError):
            return STALE
        return BREAKS if read(path, after).broken else ""

    def _data(self, path: str) -> bytes | None:
        if path not in self._files:
            self._files[path] = self._read(path)
        return self._files[path]


def _overlap(one: Edit, other: Edit) -> bool:
    """Whether both want the same text, or insert at the same place: which comes first is not
    known then."""
    if one.path != other.path:
        return False
    if one.span.start == other.span.start:
        return True
    first, second = sorted((one.span, other.span), key=lambda span: (span.start, span.end))
    return second.start < first.end
