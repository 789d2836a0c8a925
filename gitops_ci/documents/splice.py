"""Edits to bytes: the only way in which a file that the tool did not create changes."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_ci.documents.text import Lines, decode, encode
from gitops_ci.model.edit import Edit


class StaleEditError(Exception):
    """The text at the place of an edit is not the expected one, or two edits overlap."""


def splice(data: bytes, edits: Iterable[Edit]) -> bytes:
    """`data` with every edit applied; byte order mark, encoding and all other bytes stay.

    Raises StaleEditError when an edit does not fit: nothing is applied then.
    """
    text = decode(data)
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda item: (item.span.start, item.span.end)):
        start, end = edit.span.start, edit.span.end
        if start < done:
            raise StaleEditError(f"two edits overlap on line {edit.span.line} of {edit.path}")
        if text[start:end] != edit.expect or end > len(text):
            raise StaleEditError(
                f"line {edit.span.line} of {edit.path} does not hold {edit.expect!r} any more"
            )
        parts += [text[done:start], edit.text]
        done = end
    return encode("".join([*parts, text[done:]]), data)


def replacement(path: str, lines: Lines, start: int, end: int, text: str) -> Edit:
    """The edit that replaces the range from `start` to `end` of the text behind `lines`."""
    return Edit(path, lines.span(start, end), lines.text[start:end], text)
