"""Merges when the forge does not know yet, knows better, or somebody comes between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gitops_ci.model.change import MergeMessage, Merging, Proposal
from gitops_ci.model.forge_errors import StaleError
from tests.support.forges.calls import Answer, Call
from tests.support.forges.faults import Fault
from tests.support.forges.places import Place, github, gitlab
from tests.support.forges.scenarios import BRANCH, change

pytestmark = pytest.mark.full
MESSAGE = MergeMessage("title", "text")
GITHUB = pytest.mark.parametrize("make", [github], ids=["github"])
GITLAB = pytest.mark.parametrize("make", [gitlab], ids=["gitlab"])
BOTH = pytest.mark.parametrize("make", [github, gitlab], ids=["github", "gitlab"])


@pytest.fixture
def place(make: Callable[[Path], Place], tmp_path: Path) -> Iterator[Place]:
    made = make(tmp_path)
    yield made
    made.close()


@pytest.fixture
def proposal(place: Place) -> Proposal:
    return place.forge.propose(change(place))


def is_merge(call: Call) -> bool:
    return call.method == "PUT" and call.path.endswith("/merge")


def says(call: Call, word: str) -> bool:
    return call.path == "/graphql" and word in call.body["query"]


def before_first(place: Place, wanted: Callable[[Call], bool], act: Callable[[], Any]) -> None:
    """Do something right before the first such call is carried out."""
    done = []

    def look(_number: int, call: Call) -> None:
        if not done and wanted(call):
            done.append(call)
            act()

    place.fake.server.before = look


def answers(place: Place, wanted: Callable[[Call], bool], *given: Answer) -> list[Call]:
    """Answer such calls so, in turn, without carrying them out; gives those that came."""
    waiting, seen = list(given), list[Call]()

    def fault(_number: int, call: Call) -> Fault | None:
        if not wanted(call):
            return None
        seen.append(call)
        answer = waiting.pop(0) if waiting else None
        return Fault("", make=lambda: answer) if answer is not None else None

    place.fake.server.fault = fault
    return seen


def refused(message: str) -> Answer:
    return Answer(200, {"data": None, "errors": [{"type": "UNPROCESSABLE", "message": message}]})


@BOTH
@pytest.mark.parametrize("looks", [0, 1, 4])
def test_what_is_not_known_yet_is_waited_for(place: Place, proposal: Proposal, looks: int) -> None:
    state = place.fake.state
    state.unknown_looks = state.unchecked_looks = looks
    before = len(place.time.pauses)
    assert place.forge.merge(proposal, MESSAGE).state is Merging.MERGED
    assert place.time.pauses[before:].count(2.0) == looks


@GITHUB
class TestTheQueueOfGithub:
    def test_a_proposal_is_queued_once_and_merged_by_the_queue(
        self, place: Place, proposal: Proposal
    ) -> None:
        place.fake.state.queue = True
        seen = answers(place, lambda call: says(call, "enqueuePullRequest"))
        for _ in range(3):
            assert place.forge.merge(proposal, MESSAGE).state is Merging.QUEUED
        assert [call.body["variables"]["input"]["expectedHeadOid"] for call in seen] == [
            proposal.commit
        ]
        pull = place.fake.state.pulls[proposal.number]
        merge = place.fake.state.land(pull, "by the queue")
        done = place.forge.merge(proposal, MESSAGE)
        assert (done.state, done.commit) == (Merging.MERGED, merge)

    def test_what_fell_out_of_the_queue_is_queued_again(
        self, place: Place, proposal: Proposal
    ) -> None:
        place.fake.state.queue = True
        place.forge.merge(proposal, MESSAGE)
        place.fake.state.pulls[proposal.number].queued = False
        seen = answers(place, lambda call: says(call, "enqueuePullRequest"))
        assert place.forge.merge(proposal, MESSAGE).state is Merging.QUEUED
        assert len(seen) == 1

    def test_a_queue_that_refuses(self, place: Place, proposal: Proposal) -> None:
        place.fake.state.queue = True
        answers(place, lambda call: says(call, "enqueuePullRequest"), refused("checks are missing"))
        result = place.forge.merge(proposal, MESSAGE)
        assert (result.state, "checks are missing" in result.reason) == (Merging.BLOCKED, True)

    def test_an_answer_that_got_lost_is_looked_for(self, place: Place, proposal: Proposal) -> None:
        place.fake.state.queue = True
        place.fake.state.unknown_looks = 0

        def lost(_number: int, call: Call) -> Fault | None:
            return Fault("", happens=True, cut=True) if says(call, "enqueuePull") else None

        place.fake.server.fault = lost
        assert place.forge.merge(proposal, MESSAGE).state is Merging.QUEUED


@GITHUB
class TestMergesOnGithub:
    def test_something_comes_to_lack_between(self, place: Place, proposal: Proposal) -> None:
        before_first(place, is_merge, lambda: setattr(place.fake.state, "blocked", True))
        assert place.forge.merge(proposal, MESSAGE).state is Merging.ARMED

    def test_what_lacked_comes_between(self, place: Place, proposal: Proposal) -> None:
        place.fake.state.blocked = True
        before_first(
            place,
            lambda call: says(call, "enablePullRequestAutoMerge"),
            lambda: setattr(place.fake.state, "blocked", False),
        )
        assert place.forge.merge(proposal, MESSAGE).state is Merging.MERGED

    def test_neither_now_nor_later(self, place: Place, proposal: Proposal) -> None:
        place.fake.state.allow_auto_merge = False
        before_first(place, is_merge, lambda: setattr(place.fake.state, "blocked", True))
        result = place.forge.merge(proposal, MESSAGE)
        assert (result.state, "not allowed" in result.reason) == (Merging.BLOCKED, True)

    def test_another_merge_was_faster(self, place: Place, proposal: Proposal) -> None:
        pull = place.fake.state.pulls[proposal.number]
        before_first(place, is_merge, lambda: place.fake.state.land(pull, "somebody's"))
        done = place.forge.merge(proposal, MESSAGE)
        assert (done.state, done.commit) == (Merging.MERGED, place.tip("main"))


@GITLAB
class TestMergesOnGitlab:
    @pytest.mark.parametrize("status", [405, 406, 422])
    def test_too_early_is_tried_again(self, place: Place, proposal: Proposal, status: int) -> None:
        early = Answer(status, {"message": "Branch cannot be merged"})
        seen = answers(place, is_merge, early, early)
        assert place.forge.merge(proposal, MESSAGE).state is Merging.MERGED
        assert [call.body["sha"] for call in seen] == [proposal.commit] * 3

    @pytest.mark.parametrize("status", [405, 422])
    def test_not_for_ever(self, place: Place, proposal: Proposal, status: int) -> None:
        seen = answers(place, is_merge, *[Answer(status, {"message": "no"})] * 9)
        result = place.forge.merge(proposal, MESSAGE)
        assert (result.state, result.reason) == (
            Merging.BLOCKED,
            "GitLab refuses to merge it",
        )
        assert len(seen) <= 6

    def test_a_conflict_comes_between(self, place: Place, proposal: Proposal) -> None:
        before_first(place, is_merge, lambda: place.commit({"web/a.yaml": "tag: 9\n"}))
        result = place.forge.merge(proposal, MESSAGE)
        assert (result.state, result.reason) == (Merging.BLOCKED, "GitLab says conflict")

    def test_a_pipeline_starts_between(self, place: Place, proposal: Proposal) -> None:
        state = place.fake.state
        before_first(place, is_merge, lambda: setattr(state, "blocked", "ci_still_running"))
        assert place.forge.merge(proposal, MESSAGE).state is Merging.ARMED


@BOTH
def test_a_push_comes_between(place: Place, proposal: Proposal) -> None:
    before_first(place, is_merge, lambda: place.commit({"note": "mine\n"}, BRANCH))
    with pytest.raises(StaleError, match="changed meanwhile"):
        place.forge.merge(proposal, MESSAGE)
    assert place.tip("main") == place.base
    assert "1.1" not in place.file("main", "web/a.yaml")
