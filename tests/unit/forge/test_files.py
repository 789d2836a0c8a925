"""Edits to files: all that fit, or none."""

from __future__ import annotations

import pytest

from gitops_ci.documents.splice import StaleEditError
from gitops_ci.forge.files import Changed, changed_files
from gitops_ci.model.change import FileEdit
from gitops_ci.model.edit import Edit, NewFile, RemoveFile
from gitops_ci.model.span import Span

FILES = {"a": b"one two", "b": b"three", "\u00e4": b"x"}


def edit(path: str, start: int, expect: str, text: str) -> Edit:
    end = start + len(expect)
    return Edit(path, Span(start, end, 1, start + 1, 1, end + 1), expect, text)


def test_every_kind_of_edit() -> None:
    edits = (
        edit("a", 4, "two", "2"),
        edit("a", 0, "one", "1"),
        NewFile("c", b"new", 0o100755),
        RemoveFile("b", b"three"),
    )
    assert changed_files(edits, FILES.get) == (
        Changed("a", b"one two", b"1 2"),
        Changed("b", b"three", None),
        Changed("c", None, b"new", 0o100755),
    )


def test_what_changes_nothing_is_no_change() -> None:
    edits = (edit("a", 0, "one", "one"), NewFile("b", b"three"), RemoveFile("gone", b"x"))
    assert changed_files(edits, FILES.get) == ()


@pytest.mark.parametrize(
    "edits",
    [
        (edit("a", 0, "two", "2"),),
        (edit("gone", 0, "x", "y"),),
        (edit("a", 0, "one", "1"), edit("a", 1, "ne", "x")),
        (NewFile("a", b"other"),),
        (RemoveFile("a", b"other"),),
        (NewFile("c", b"1"), NewFile("c", b"2")),
        (RemoveFile("a", b"one two"), edit("a", 0, "one", "1")),
    ],
)
def test_what_does_not_fit_is_refused(edits: tuple[FileEdit, ...]) -> None:
    with pytest.raises(StaleEditError):
        changed_files(edits, FILES.get)
