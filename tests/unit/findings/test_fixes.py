"""Which fixes are applied together: whole ones, in order, none over another."""

from __future__ import annotations

import pytest

from gitops_ci.documents.splice import splice
from gitops_ci.documents.text import Lines
from gitops_ci.findings.fixes import BREAKS, FOREIGN, OVERLAPS, STALE, choose
from gitops_ci.model.edit import Edit, Fix
from gitops_ci.model.finding import Finding
from tests.unit.findings.build import fault

TEXT = "a: one\nb: two\nc: three\n"
FILES = {"x.yaml": TEXT.encode(), "y.yaml": TEXT.encode()}


def _edit(old: str, new: str, path: str = "x.yaml", expect: str | None = None) -> Edit:
    start = TEXT.index(old)
    span = Lines(TEXT).span(start, start + len(old))
    return Edit(path, span, old if expect is None else expect, new)


def _added(after: str, text: str, path: str = "x.yaml") -> Edit:
    place = TEXT.index(after) + len(after)
    return Edit(path, Lines(TEXT).span(place, place), "", text)


def _finding(*edits: Edit, safe: bool = True) -> Finding:
    return fault(fix=Fix("mend it", edits, safe))


ONE, TWO = _edit("one", "1"), _edit("two", "2")
CASES = [
    ([[ONE], [TWO]], ["", ""], "a: 1\nb: 2\nc: three\n"),
    ([[ONE], [ONE]], ["", ""], "a: 1\nb: two\nc: three\n"),
    ([[ONE], [_edit("one", "7")]], ["", OVERLAPS], "a: 1\nb: two\nc: three\n"),
    ([[_edit("one\nb", "1\nb")], [ONE, TWO]], ["", OVERLAPS], "a: 1\nb: two\nc: three\n"),
    ([[_added("one", "\nd: 4")], [_added("one", "\ne: 5")]], ["", OVERLAPS], None),
    ([[_added("one", "\nd: 4")], [ONE]], ["", ""], "a: 1\nd: 4\nb: two\nc: three\n"),
    ([[_edit("one", "1", expect="uno")], [TWO]], [STALE, ""], "a: one\nb: 2\nc: three\n"),
    ([[_edit("one", "1", "z.yaml")], [TWO]], [FOREIGN, ""], "a: one\nb: 2\nc: three\n"),
    ([[_edit("one", "{"), TWO], [TWO]], [BREAKS, ""], "a: one\nb: 2\nc: three\n"),
]


@pytest.mark.parametrize(("fixes", "reasons", "text"), CASES)
def test_fixes_together(fixes: list[list[Edit]], reasons: list[str], text: str | None) -> None:
    findings = [_finding(*edits) for edits in fixes]
    mending = choose(findings, FILES.get)
    left = {id(item.finding): item.reason for item in mending.left}
    assert [left.get(id(finding), "") for finding in findings] == reasons
    assert len(mending.fixed) == reasons.count("")
    if text is not None:
        edits = [edit for edit in mending.edits if edit.path == "x.yaml"]
        assert splice(FILES["x.yaml"], edits) == text.encode()


def test_only_safe_fixes_are_applied() -> None:
    mending = choose([_finding(ONE, safe=False), fault(), _finding()], FILES.get)
    assert (mending.fixed, mending.edits, mending.left) == ((), (), ())
