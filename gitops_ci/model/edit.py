"""Which bytes change. The only way in which the tool alters a file of the repository."""

from __future__ import annotations

from msgspec import Struct

from gitops_ci.model.span import Span


class Edit(Struct, frozen=True):
    """Replace the text of `span` in `path` by `text`.

    `expect` is the text that must stand there now: a stale edit is refused, never misplaced.
    An insertion has a zero-length span and expects the empty string.
    """

    path: str
    span: Span
    expect: str
    text: str


class NewFile(Struct, frozen=True):
    """A file as a whole. `mode` is git's: 0o100644, 0o100755 or 0o120000. `expect` are the bytes
    that stand there now; None for a file that does not exist yet."""

    path: str
    data: bytes
    mode: int = 0o100644
    expect: bytes | None = None


class RemoveFile(Struct, frozen=True):
    """A file that goes away, if it still holds exactly the bytes `expect`."""

    path: str
    expect: bytes


class Fix(Struct, frozen=True):
    """What would mend a finding. `safe` means that applying it cannot change any other meaning."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = False
