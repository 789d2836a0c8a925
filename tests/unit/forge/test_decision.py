"""What becomes of a change: every way that things can stand."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from gitops_ci.forge.decision import Act, Head, Seen, decide
from gitops_ci.model.change import Etiquette
from gitops_ci.model.pull_request import PullRequest, PullState

OURS = Head("h", own=True, payload="p")
OLDER = replace(OURS, payload="old")
PEOPLE = Head("h")
OPEN = PullRequest(7, "u", PullState.OPEN, "t", "b", "bot", "x", "h", "main")
CLOSED = replace(OPEN, state=PullState.CLOSED)
ELSEWHERE = replace(OPEN, base="release")
RULES = Etiquette(most_open=2)


def seen(**facts: Any) -> Seen:
    made = Seen("p", empty=False, described="p", base="main")
    return replace(made, **facts)


@pytest.mark.parametrize(
    ("facts", "act", "words"),
    [
        ({}, Act.PUT, "commit propose"),
        ({"head": OURS}, Act.PUT, "propose"),
        ({"head": replace(OURS, merged=True)}, Act.PUT, "commit propose"),
        ({"head": OURS, "pull": OPEN}, Act.NOTHING, ""),
        ({"head": OURS, "pull": OPEN, "described": "old"}, Act.PUT, "describe"),
        ({"head": OLDER, "pull": OPEN}, Act.PUT, "commit describe"),
        ({"head": replace(OURS, overtaken=True), "pull": OPEN}, Act.PUT, "commit describe"),
        ({"head": OLDER, "pull": CLOSED}, Act.PUT, "commit propose"),
        ({"head": OURS, "pull": CLOSED, "vetoed": True}, Act.DECLINE, ""),
        ({"others": 2}, Act.DECLINE, ""),
        ({"head": OURS, "pull": OPEN, "others": 2}, Act.NOTHING, ""),
        ({"head": PEOPLE, "pull": OPEN}, Act.DECLINE, "tell"),
        ({"head": PEOPLE}, Act.DECLINE, ""),
        ({"head": PEOPLE, "empty": True}, Act.NOTHING, ""),
        ({"head": PEOPLE, "pull": OPEN, "empty": True}, Act.DECLINE, "tell"),
        ({"empty": True}, Act.NOTHING, ""),
        ({"head": OLDER, "pull": OPEN, "empty": True}, Act.CLOSE, ""),
        ({"head": OLDER, "pull": ELSEWHERE}, Act.DECLINE, ""),
        ({"head": OLDER, "pull": OPEN, "expects": "h"}, Act.PUT, "commit describe"),
        ({"head": OLDER, "pull": OPEN, "expects": "other"}, Act.RECOMPUTE, ""),
        ({"head": OLDER, "pull": OPEN, "expects": ""}, Act.RECOMPUTE, ""),
        ({"head": OURS, "pull": OPEN, "expects": ""}, Act.NOTHING, ""),
        ({"expects": ""}, Act.PUT, "commit propose"),
    ],
    ids=[
        "nothing yet",
        "a branch without a proposal",
        "a merged branch",
        "as it should be",
        "another text",
        "another change",
        "the base went on",
        "closed, another change",
        "closed, the same change",
        "too many open",
        "too many open besides",
        "commits of people",
        "a branch of people",
        "a branch of people, nothing to change",
        "commits of people, nothing to change",
        "nothing to change",
        "nothing to change any more",
        "onto another base",
        "as expected",
        "moved since",
        "appeared since",
        "appeared since, the same change",
        "none, as expected",
    ],
)
def test_what_there_is_to_do(facts: dict[str, Any], act: Act, words: str) -> None:
    decision = decide(seen(**facts), RULES)
    flags = ("commit", "propose", "describe", "tell")
    assert (decision.act, " ".join(f for f in flags if getattr(decision, f))) == (act, words)


@pytest.mark.parametrize(
    ("facts", "rules", "act"),
    [
        ({"head": PEOPLE, "pull": OPEN}, Etiquette(overwrite=True), Act.PUT),
        ({"head": OURS, "pull": CLOSED, "vetoed": True}, Etiquette(reopen=True), Act.PUT),
        ({"head": OLDER, "pull": OPEN, "approved": True}, Etiquette(keep_approved=True),
         Act.NOTHING),
        ({"head": OLDER, "pull": OPEN, "approved": True}, Etiquette(), Act.PUT),
    ],
)  # fmt: skip
def test_what_people_may_decide(facts: dict[str, Any], rules: Etiquette, act: Act) -> None:
    assert decide(seen(**facts), rules).act is act


def test_a_commit_that_never_became_a_proposal_is_built_upon() -> None:
    assert seen(head=OURS).standing == "h"
    assert seen(head=OURS, pull=CLOSED).standing == ""
    assert seen(head=OURS, pull=replace(CLOSED, head_sha="before")).standing == "h"
    assert seen(head=replace(OURS, merged=True), pull=OPEN).standing == ""
