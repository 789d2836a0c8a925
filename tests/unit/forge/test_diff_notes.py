"""One mutation for many remarks."""

from __future__ import annotations

from typing import Any

import pytest

from gitops_ci.forge.gitlab.diff_notes import MOST, checked, mutation
from gitops_ci.model.discussion import LineComment
from gitops_ci.model.forge_errors import ForbiddenError, RefusedError

REFS = {"base_sha": "a" * 40, "start_sha": "b" * 40, "head_sha": "c" * 40}
REQUEST = {"id": 42, "diff_refs": REFS}


def test_each_comment_is_one_note() -> None:
    added = LineComment("new.yaml", 3, "added", old_path="old.yaml")
    unchanged = LineComment("new.yaml", 7, "unchanged", old_line=6)
    body = mutation(REQUEST, [added, unchanged])
    assert body["query"] == (
        "mutation($n0: CreateDiffNoteInput!, $n1: CreateDiffNoteInput!) { "
        "n0: createDiffNote(input: $n0) { errors } n1: createDiffNote(input: $n1) { errors } }"
    )
    first, second = body["variables"]["n0"], body["variables"]["n1"]
    assert (first["noteableId"], first["body"]) == ("gid://gitlab/MergeRequest/42", "added")
    assert first["position"] == {
        "baseSha": "a" * 40,
        "startSha": "b" * 40,
        "headSha": "c" * 40,
        "paths": {"oldPath": "old.yaml", "newPath": "new.yaml"},
        "newLine": 3,
    }
    assert second["position"]["paths"] == {"oldPath": "new.yaml", "newPath": "new.yaml"}
    assert (second["position"]["newLine"], second["position"]["oldLine"]) == (7, 6)


def test_the_most_notes_fit_into_the_limit_of_a_text() -> None:
    comments = [LineComment("a.yaml", line + 1, "x" * 5000) for line in range(MOST)]
    assert len(mutation(REQUEST, comments)["query"]) < 10_000


@pytest.mark.parametrize(
    ("answer", "ran"),
    [
        ({"data": {"n0": {"errors": []}, "n1": {"errors": []}}}, True),
        ({"errors": [{"message": "Query has complexity of 400"}]}, False),
        ({"data": None, "errors": [{"message": "Field does not exist"}]}, False),
        (b"<html>", False),
    ],
)
def test_whether_the_mutation_ran(answer: Any, ran: bool) -> None:
    assert checked(answer, "api") is ran


def test_a_note_that_is_refused_and_a_token_that_may_not() -> None:
    refused = {"data": {"n0": {"errors": []}, "n1": {"errors": ["line_code can't be blank"]}}}
    with pytest.raises(RefusedError, match="line_code"):
        checked(refused, "api")
    denied = {"data": {"n0": None}, "errors": [{"message": "you don't have permission"}]}
    with pytest.raises(ForbiddenError, match="permission") as caught:
        checked(denied, "api, role Reporter")
    assert caught.value.permission == "api, role Reporter"
