"""The judges of the fake forges do refuse: by every edition of the vendor's documents."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.forges.calls import Answer, Call
from tests.support.forges.judges import CURRENT, EDITIONS, GithubJudge, github_judge

pytestmark = pytest.mark.full
STATUSES = "/repos/org/shop/statuses/" + "a" * 40


@pytest.fixture
def judge() -> GithubJudge:
    made = github_judge()
    if not isinstance(made, GithubJudge):
        pytest.skip("the documents are not at hand")
    return made


def call(path: str, body: dict[str, Any] | None = None, **query: str) -> Call:
    return Call("POST" if body else "GET", path, query, body, {}, b"")


@pytest.mark.parametrize(
    ("asked", "answer", "why"),
    [
        (call("/repos/org/shop/nowhere"), Answer(200, {}), "no such operation"),
        (call("/repos/org/shop/pulls", stat="open"), Answer(200, []), "no query parameter stat"),
        (call(STATUSES, {"state": "green"}), Answer(201, {}), "'green' is not one of"),
        (call(STATUSES, {"state": "success", "contxt": "x"}), Answer(201, {}), "has no contxt"),
        (call("/repos/org/shop/pulls/7"), Answer(200, {"number": 7}), "is a required property"),
        (call("/repos/org/shop/pulls/7"), Answer(299, {}), "this status is not described"),
    ],
)
def test_every_edition_refuses(judge: GithubJudge, asked: Call, answer: Answer, why: str) -> None:
    problems = judge.problems(asked, answer)
    for edition in EDITIONS:
        assert any(text.startswith(f"{edition}: ") and why in text for text in problems)
    again = judge.problems(asked, answer)
    assert again
    assert all(text.startswith(f"{CURRENT}: ") for text in again)


def test_what_only_the_newest_knows_is_no_way_to_a_server(judge: GithubJudge) -> None:
    asked = call("/repos/org/shop/actions/cache/storage-limit")
    problems = judge.problems(asked, Answer(200, {"max_cache_size_gb": 10}))
    assert [text.partition(":")[0] for text in problems] == list(EDITIONS[1:])
