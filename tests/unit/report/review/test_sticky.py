from __future__ import annotations

import pytest
from msgspec.structs import replace

from gitops_ci.model.discussion import Comment
from gitops_ci.report.review.marks import Run, Sticky, remark_in, remark_mark, sticky_in
from gitops_ci.report.review.sticky import Joined, Write, plan_comment, plan_joining

HEAD = "a" * 40
NOW = Sticky("check", Run(7, 1), HEAD)


def written(
    run: Run, text: str, *, name: str = "check", mine: bool = True, number: str = "1"
) -> Comment:
    return Comment(number, "bot", mine, f"{Sticky(name, run, HEAD)}\n{text}")


CASES: list[tuple[str, tuple[Comment, ...], bool, str | None]] = [
    ("nothing to say and nothing said", (), False, None),
    ("the first word", (), True, "new"),
    ("the same again", (written(Run(6, 1), "text\n"),), True, None),
    ("the same, as a forge gives it back", (written(Run(6, 1), "text  \r\n"),), True, None),
    ("another text", (written(Run(6, 1), "old"),), True, "edit"),
    ("all is well now", (written(Run(6, 1), "old"),), False, "edit"),
    ("a newer run has spoken", (written(Run(8, 1), "old"),), True, None),
    ("a later attempt of this run", (written(Run(7, 2), "old"),), True, None),
    ("of somebody else", (written(Run(6, 1), "text", mine=False),), True, "new"),
    (
        "of the same account, by another tool",
        (Comment("1", "bot", True, "## Coverage\n"),),
        True,
        "new",
    ),
    ("its mark taken out", (Comment("1", "bot", True, "text\n"),), True, "new"),
    (
        "its mark edited",
        (Comment("1", "bot", True, f"{NOW} \n".replace("run=7", "run=x")),),
        True,
        "new",
    ),
    ("its text edited by a person", (written(Run(7, 1), "fine by me"),), True, "edit"),
    ("of another report", (written(Run(6, 1), "text", name="policy"),), True, "new"),
    ("a copy of the mark further down", (Comment("1", "bot", True, f"x\n{NOW}\n"),), True, "new"),
]


@pytest.mark.parametrize(
    ("comments", "matters", "expected"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_case(comments: tuple[Comment, ...], matters: bool, expected: str | None) -> None:
    write = plan_comment(NOW, "text\n", comments, matters=matters)
    if expected is None:
        assert write is None
    else:
        comment = comments[0] if expected == "edit" else None
        assert write == Write(f"{NOW}\ntext\n", comment)


FIRST = written(Run(7, 1), "first", number="9")
SECOND = written(Run(8, 1), "second", number="10")
JOINED: list[tuple[str, tuple[Comment, ...], Joined | None]] = [
    ("none", (), None),
    ("one alone", (FIRST,), None),
    ("the later run came second", (FIRST, SECOND), Joined(FIRST, SECOND.body, (SECOND,))),
    ("in any order", (SECOND, FIRST), Joined(FIRST, SECOND.body, (SECOND,))),
    (
        "the later run came first",
        (replace(SECOND, id="1"), FIRST),
        Joined(replace(SECOND, id="1"), "", (FIRST,)),
    ),
    (
        "three, one of them the later attempt",
        (FIRST, SECOND, written(Run(8, 2), "again", number="11")),
        Joined(FIRST, f"{Sticky('check', Run(8, 2), HEAD)}\nagain",
               (SECOND, written(Run(8, 2), "again", number="11"))),
    ),
    ("two of one run", (FIRST, replace(FIRST, id="10")),
     Joined(FIRST, "", (replace(FIRST, id="10"),))),
    ("of somebody else", (FIRST, replace(SECOND, mine=False)), None),
    ("of another report", (FIRST, written(Run(8, 1), "x", name="policy", number="10")), None),
    ("of another tool", (FIRST, Comment("10", "bot", True, "## Coverage\n")), None),
    ("ids that are no numbers", (replace(SECOND, id="b"), replace(FIRST, id="a")),
     Joined(replace(FIRST, id="a"), SECOND.body, (replace(SECOND, id="b"),))),
]  # fmt: skip


@pytest.mark.parametrize(("comments", "expected"), [case[1:] for case in JOINED],
                         ids=[case[0] for case in JOINED])  # fmt: skip
def test_one_of_several_stays(comments: tuple[Comment, ...], expected: Joined | None) -> None:
    assert plan_joining(NOW, comments) == expected


def test_a_new_comment_for_each_run_when_asked() -> None:
    before = (written(Run(6, 1), "old"),)
    assert plan_comment(NOW, "text", before, matters=True, keep=False) == Write(f"{NOW}\ntext")
    assert plan_comment(NOW, "old", before, matters=True, keep=False) is None
    assert plan_comment(NOW, "text", before, matters=False, keep=False) is None


@pytest.mark.parametrize("name", ["check", "check/apps/web", "a b", "--> <script>", "日本", ""])
def test_a_mark_is_found_again_and_closes_its_comment(name: str) -> None:
    mark = Sticky(name, Run(12, 3), HEAD)
    assert str(mark).count("-->") == 1
    found = sticky_in(f"{mark}\ntext")
    assert found is not None
    assert (found.family, found.run, found.head) == (mark.family, mark.run, HEAD)


def test_the_mark_of_a_remark_is_found_in_its_text() -> None:
    assert remark_in(f"{remark_mark('ab12')}\ntext") == "ab12"
    assert remark_in("text") == ""
