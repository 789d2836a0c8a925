from __future__ import annotations

import pytest
from msgspec.structs import replace

from gitops_ci.documents.text import Lines
from gitops_ci.model.discussion import LineComment, Thread
from gitops_ci.model.edit import Edit, Fix
from gitops_ci.model.finding import found
from gitops_ci.model.pull_request import PullFile
from gitops_ci.model.report import Judged
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Location
from gitops_ci.report.identity import with_unique_ids
from gitops_ci.report.review.marks import remark_mark
from gitops_ci.report.review.remarks import Diff, Remarks, plan_remarks
from gitops_ci.report.review.suggestion import GITHUB, GITLAB, Dialect

PATH = "apps/web.yaml"
TEXT = "a: 1\nb: 2\nreplicsa: 3\nd: 4\ne: 5\nf: 6\ng: 7\nh: 8\n"
PATCH = "@@ -1,4 +1,5 @@\n a: 1\n b: 2\n+replicsa: 3\n d: 4\n e: 5"
FILES = (PullFile(PATH, "modified", patch=PATCH),)
RULES = {severity: Rule(f"schema/{severity.word}", "", severity) for severity in Severity}


def judged(word: str, print_: str, severity: Severity = Severity.ERROR, **details: Fix) -> Judged:
    start = TEXT.index(word)
    place = Location(PATH, Lines(TEXT).span(start, start + len(word)))
    return Judged(found(RULES[severity], f"about {word}", place, **details), print_)  # type: ignore[arg-type]


def plan(
    *items: Judged,
    threads: tuple[Thread, ...] = (),
    files: tuple[PullFile, ...] = FILES,
    dialect: Dialect = GITHUB,
    most: int = 30,
) -> Remarks:
    def source(path: str) -> bytes | None:
        return TEXT.encode() if path == PATH else None

    return plan_remarks(items, Diff.of(files), threads, source, dialect, most)


def identity(print_: str) -> str:
    """The id of the first finding with this fingerprint in PATH."""
    ((found_, _),) = with_unique_ids((judged("d", print_),))
    return found_


def thread(
    print_: str,
    *,
    mine: bool = True,
    replies: int = 0,
    resolved: bool = False,
    settled: bool = False,
) -> Thread:
    body = f"{remark_mark(identity(print_))}\ntext"
    return Thread("T" + print_, PATH, 3, body, "bot", mine, replies, resolved or settled, settled)


def fix(word: str, new: str, *, safe: bool = True) -> Fix:
    start = TEXT.index(word)
    span = Lines(TEXT).span(start, start + len(word))
    return Fix("rename", (Edit(PATH, span, word, new),), safe)


def places(remarks: Remarks) -> list[tuple[str, int, int]]:
    return [(item.path, item.line, item.old_line) for item in remarks.new]


def test_a_line_of_the_diff_gets_a_remark() -> None:
    (remark,) = plan(judged("replicsa", "aa")).new
    assert remark == LineComment(PATH, 3, remark.body, old_path=PATH)
    assert remark.body.startswith(f"{remark_mark(identity('aa'))}\n❌ **error** ")
    assert "about replicsa" in remark.body


def test_a_context_line_knows_where_it_was() -> None:
    assert places(plan(judged("d", "aa"))) == [(PATH, 4, 3)]


def test_a_line_outside_of_the_diff_gets_a_remark_on_its_file() -> None:
    assert places(plan(judged("h", "aa"))) == [(PATH, 0, 0)]


def test_one_remark_on_a_file_is_enough() -> None:
    items = (judged("f", "aa"), judged("g", "bb"), judged("d", "cc"))
    remarks = plan(*items)
    assert places(remarks) == [(PATH, 4, 3), (PATH, 0, 0)]
    assert remarks.placed == {identity("aa"), identity("cc")}
    standing = (replace(thread("bb"), line=0),)
    assert places(plan(*items, threads=standing)) == [(PATH, 4, 3)]


def test_a_file_outside_of_the_diff_gets_none() -> None:
    files = (PullFile("other.yaml", "modified", patch=PATCH), PullFile(PATH, "removed"))
    remarks = plan(judged("d", "aa"), files=files)
    assert (remarks.new, remarks.placed) == ((), frozenset())


def test_a_binary_or_huge_file_shows_no_lines() -> None:
    assert places(plan(judged("d", "aa"), files=(PullFile(PATH, "modified"),))) == [(PATH, 0, 0)]


def test_a_renamed_file_is_named_by_both_paths() -> None:
    files = (PullFile(PATH, "renamed", "old/web.yaml", PATCH),)
    (remark,) = plan(judged("d", "aa"), files=files).new
    assert (remark.path, remark.old_path, remark.line, remark.old_line) == (
        PATH, "old/web.yaml", 4, 3,
    )  # fmt: skip


@pytest.mark.parametrize("patch", [None, ""])
def test_another_mode_alone_shows_no_line(patch: str | None) -> None:
    assert places(plan(judged("d", "aa"), files=(PullFile(PATH, "changed", patch=patch),))) == [
        (PATH, 0, 0)
    ]


def test_a_file_that_the_forge_does_not_list_any_more_gets_none() -> None:
    """GitHub lists 3,000 files of a pull request; later ones are in the summary alone."""
    listed = tuple(PullFile(f"f{number}.yaml", "added", patch=PATCH) for number in range(3_000))
    remarks = plan(judged("d", "aa"), files=listed)
    assert (remarks.new, remarks.placed) == ((), frozenset())


def test_the_weightiest_come_first_and_the_rest_has_none() -> None:
    items = (judged("d", "aa", Severity.NOTE), judged("e: 5", "bb"), judged("f", "cc"))
    remarks = plan(*items, most=2)
    assert [item.line for item in remarks.new] == [5, 0]
    assert remarks.placed == {identity("bb"), identity("cc")}


def test_what_stands_is_not_said_again_and_counts() -> None:
    items = (judged("d", "aa"), judged("e: 5", "bb"))
    remarks = plan(*items, threads=(thread("aa"),), most=1)
    assert (remarks.new, remarks.placed, remarks.done) == ((), {identity("aa")}, ())


def test_equal_faults_have_remarks_of_their_own() -> None:
    """Fingerprints tell neither files nor repetitions in one file apart."""
    first, again, other = judged("d", "aa"), judged("e: 5", "aa"), judged("d", "aa")
    place = replace(other.finding.location, path="other.yaml")
    other = replace(other, finding=replace(other.finding, location=place))
    files = (*FILES, PullFile("other.yaml", "modified", patch=PATCH))
    remarks = plan(first, again, other, files=files)
    assert [item[:2] for item in places(remarks)] == [(PATH, 4), (PATH, 5), ("other.yaml", 4)]
    assert len(remarks.placed) == 3
    standing = tuple(replace(thread("aa"), id=item.body, body=item.body) for item in remarks.new)
    assert plan(first, again, other, files=files, threads=standing).new == ()
    (gone,) = plan(first, again, files=files, threads=standing).done
    assert gone.body == remarks.new[2].body


def test_a_resolved_thread_is_said_again_when_it_is_back() -> None:
    assert len(plan(judged("d", "aa"), threads=(thread("aa", resolved=True),)).new) == 1


def test_what_a_person_resolved_is_not_said_again() -> None:
    remarks = plan(judged("d", "aa"), threads=(thread("aa", settled=True),))
    assert (remarks.new, remarks.placed, remarks.done) == ((), {identity("aa")}, ())


def test_what_a_person_resolved_takes_no_place() -> None:
    items = (judged("d", "aa"), judged("e: 5", "bb"))
    remarks = plan(*items, threads=(thread("aa", settled=True),), most=1)
    assert places(remarks) == [(PATH, 5, 4)]
    assert remarks.placed == {identity("aa"), identity("bb")}


def test_another_finding_on_that_line_is_said() -> None:
    assert len(plan(judged("d", "bb"), threads=(thread("aa", settled=True),)).new) == 1


def test_threads_of_others_settle_nothing() -> None:
    threads = (thread("aa", mine=False, settled=True),)
    assert len(plan(judged("d", "aa"), threads=threads).new) == 1


def test_what_was_resolved_and_is_open_again_stands() -> None:
    threads = (thread("aa", settled=True), replace(thread("aa"), id="T2"))
    remarks = plan(judged("d", "aa"), threads=threads)
    assert (remarks.new, remarks.placed) == ((), {identity("aa")})
    assert plan(threads=threads).done == (threads[1],)


def test_a_finding_that_is_gone_is_done() -> None:
    gone = thread("aa")
    assert plan(threads=(gone,)).done == (gone,)


def test_threads_of_others_and_those_with_answers_are_not_touched() -> None:
    threads = (thread("aa", mine=False), thread("bb", replies=1), thread("cc", resolved=True))
    assert plan(threads=threads).done == ()


class TestSuggestion:
    def test_a_safe_fix_is_a_suggestion_on_its_lines(self) -> None:
        (remark,) = plan(judged("replicsa", "aa", fix=fix("replicsa", "replicas"))).new
        assert remark.line == 3
        assert remark.body.endswith("\n```suggestion\nreplicas: 3\n```")

    def test_several_lines(self) -> None:
        (remark,) = plan(judged("replicsa", "aa", fix=fix("replicsa: 3\nd", "x: 3\ny"))).new
        assert (remark.start_line, remark.line) == (3, 4)
        assert remark.body.endswith("```suggestion\nx: 3\ny: 4\n```")

    def test_a_line_that_comes_and_one_that_goes(self) -> None:
        (more,) = plan(judged("d", "aa", fix=fix("d: 4", "d: 4\nx: 5"))).new
        assert more.body.endswith("```suggestion\nd: 4\nx: 5\n```")
        (fewer,) = plan(judged("d", "aa", fix=fix("replicsa: 3\nd: 4", "d: 4"))).new
        assert fewer.body.endswith("```suggestion\nd: 4\n```")

    def test_gitlab_stands_on_the_first_line_and_counts(self) -> None:
        one = judged("replicsa", "aa", fix=fix("replicsa: 3\nd", "x: 3\ny"))
        (remark,) = plan(one, dialect=GITLAB).new
        assert (remark.start_line, remark.line) == (0, 3)
        assert remark.body.endswith("````suggestion:-0+1\nx: 3\ny: 4\n````")

    def test_the_fence_is_longer_than_what_it_holds(self) -> None:
        (remark,) = plan(judged("d", "aa", fix=fix("4", "'`````'"))).new
        assert "\n``````suggestion\n" in remark.body

    def test_no_suggestion(self) -> None:
        wrong = Edit(PATH, Lines(TEXT).span(0, 1), "z", "y")
        unfit = {
            "unsafe": fix("d", "x", safe=False),
            "outside of the diff": fix("h", "x"),
            "partly outside of the diff": fix("e: 5\nf", "x"),
            "of another file": replace(fix("d", "x"), edits=(replace(wrong, path="o.yaml"),)),
            "in two hunks": fix("replicsa: 3\nd", "x"),
            "stale": Fix("rename", (wrong,), safe=True),
            "nothing changes": fix("d", "d"),
        }
        two = (
            PullFile(PATH, "modified", patch="@@ -3,0 +3 @@\n+replicsa: 3\n@@ -3 +4 @@\n-x\n+d"),
        )
        for why, one in unfit.items():
            files = two if why == "in two hunks" else FILES
            (remark,) = plan(judged("d", "aa", fix=one), files=files).new
            assert "suggestion" not in remark.body, why
