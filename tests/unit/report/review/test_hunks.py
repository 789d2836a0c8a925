from __future__ import annotations

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.report.review.hunks import ShownLine, shown_lines

CASES: dict[str, tuple[str, dict[int, ShownLine]]] = {
    "nothing": ("", {}),
    "no patch at all": ("Binary files differ\n+x\n", {}),
    "an added file": ("@@ -0,0 +1,2 @@\n+a\n+b", {1: ShownLine(1), 2: ShownLine(1)}),
    "a replaced line with context": (
        "@@ -4,3 +4,3 @@ spec:\n a\n-b\n+c\n d",
        {4: ShownLine(1, 4), 5: ShownLine(1), 6: ShownLine(1, 6)},
    ),
    "lines without a count": ("@@ -1 +1 @@\n-a\n+b", {1: ShownLine(1)}),
    "no end of line": (
        "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n\\ No newline at end of file",
        {1: ShownLine(1)},
    ),
    "two hunks": (
        "@@ -1,1 +1,2 @@\n a\n+b\n@@ -9,2 +10,1 @@\n-c\n d",
        {1: ShownLine(1, 1), 2: ShownLine(1), 10: ShownLine(2, 10)},
    ),
    "a deleted file": ("@@ -1,2 +0,0 @@\n-a\n-b", {}),
    "only lines that go": (
        "@@ -3,3 +3,1 @@\n a\n-b\n-c",
        {3: ShownLine(1, 3)},
    ),
    "the edges of a hunk": (
        "@@ -7,7 +7,7 @@\n 7\n 8\n 9\n-x\n+10\n 11\n 12\n 13",
        {
            7: ShownLine(1, 7),
            8: ShownLine(1, 8),
            9: ShownLine(1, 9),
            10: ShownLine(1),
            11: ShownLine(1, 11),
            12: ShownLine(1, 12),
            13: ShownLine(1, 13),
        },
    ),
    "carriage returns": (
        "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r",
        {1: ShownLine(1, 1), 2: ShownLine(1)},
    ),
    "a symbolic link": (
        "@@ -1 +1 @@\n-../a\n\\ No newline at end of file\n+../b\n\\ No newline at end of file",
        {1: ShownLine(1)},
    ),
    "a line that looks like a header": (
        "@@ -1,1 +1,2 @@\n a\n+@@ -9 +9 @@",
        {1: ShownLine(1, 1), 2: ShownLine(1)},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_case(case: str) -> None:
    patch, expected = CASES[case]
    assert shown_lines(patch) == expected


lines = st.lists(st.sampled_from(["a", "b", "c", "", "+d", "-e", " f"]), max_size=12)


@given(lines, lines)
def test_every_shown_line_is_where_difflib_has_it(before: list[str], after: list[str]) -> None:
    patch = "\n".join(list(difflib.unified_diff(before, after, lineterm=""))[2:])
    shown = shown_lines(patch)
    for number, line in shown.items():
        if line.old:
            assert before[line.old - 1] == after[number - 1]
    matcher = difflib.SequenceMatcher(None, before, after)
    added = {
        number + 1
        for what, _, _, first, last in matcher.get_opcodes()
        if what in ("insert", "replace")
        for number in range(first, last)
    }
    assert {number for number, line in shown.items() if not line.old} == added
