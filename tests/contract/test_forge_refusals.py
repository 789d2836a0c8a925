"""What forges refuse in their own ways, and what becomes of the job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gitops_ci.forge.gitlab.service import GitlabAccess, gitlab_service
from gitops_ci.model.change import Etiquette, MergeMessage, Merging, Outcome
from gitops_ci.model.discussion import LineComment
from gitops_ci.model.edit import NewFile
from gitops_ci.model.forge_errors import ForbiddenError, ForgeError, RefusedError
from tests.support.fake_gitlab.state import PROJECT
from tests.support.forges.calls import Answer, Call
from tests.support.forges.faults import Fault
from tests.support.forges.places import Place, again, github, gitlab
from tests.support.forges.scenarios import BRANCH, change, outcome_of

pytestmark = pytest.mark.full

MARKER = "<!-- here -->"
BOTH = pytest.mark.parametrize("make", [github, gitlab], ids=["github", "gitlab"])
ON_GITHUB = pytest.mark.parametrize("make", [github], ids=["github"])
ON_GITLAB = pytest.mark.parametrize("make", [gitlab], ids=["gitlab"])
UNKNOWN_NODE = "Could not resolve to a node with the global id of 'PR_1'."


@pytest.fixture
def place(make: Callable[[Path], Place], tmp_path: Path) -> Iterator[Place]:
    made = make(tmp_path)
    yield made
    made.close()


def refuse(
    place: Place, wanted: Callable[[Call], bool], answer: Answer, *, times: int = 99,
    happens: bool = False,
) -> None:  # fmt: skip
    """The calls that are `wanted` get `answer`, the first `times` of them."""
    left = iter(range(times))
    fault = Fault("refused", happens=happens, make=lambda: answer)

    def at(_number: int, call: Call) -> Fault | None:
        return fault if wanted(call) and next(left, None) is not None else None

    place.fake.server.fault = at


def post(*ends: str) -> Callable[[Call], bool]:
    return lambda call: call.method == "POST" and call.path.endswith(ends)


def mutation(word: str) -> Callable[[Call], bool]:
    return lambda call: call.path == "/graphql" and word in call.body["query"]


def graphql_error(kind: str, message: str) -> Answer:
    return Answer(200, {"data": None, "errors": [{"type": kind, "message": message}]})


def invalid(message: str) -> Answer:
    return Answer(422, {"message": "Validation Failed", "errors": [{"message": message}]})


@BOTH
def test_a_comment_that_was_made_all_the_same_is_not_made_again(place: Place) -> None:
    number = place.forge.propose(change(place)).number
    refuse(place, post("/comments", "/notes"), Answer(502, {"message": "Bad"}), happens=True)
    assert place.service is not None
    place.service.add_comment(number, f"text {MARKER}", MARKER)
    assert outcome_of(place)["comments"] == 1


@ON_GITLAB
def test_a_remark_that_was_saved_all_the_same_is_not_made_again(place: Place) -> None:
    proposal = place.forge.propose(change(place))
    service = place.service
    assert service is not None
    refuse(place, post("/discussions"), Answer(500, {"message": "500"}), happens=True)
    service.add_review(service.pull(proposal.number), "", [LineComment("web/a.yaml", 1, "x")])
    assert len(place.fake.state.discussions) == 1


@ON_GITHUB
def test_a_range_of_one_line_is_a_line(place: Place) -> None:
    proposal = place.forge.propose(change(place))
    assert place.service is not None
    pull = place.service.pull(proposal.number)
    place.service.add_review(pull, "", [LineComment("web/a.yaml", 1, "x", start_line=1)])
    (call,) = [call for call in place.fake.server.calls if post("/reviews")(call)]
    (comment,) = call.body["comments"]
    assert comment == {"path": "web/a.yaml", "line": 1, "side": "RIGHT", "body": "x"}


@pytest.mark.parametrize("end", ["/labels", "/requested_reviewers"])
@ON_GITHUB
def test_a_proposal_that_github_does_not_find_yet(place: Place, end: str) -> None:
    place.fake.state.writers = {"ada"}
    refuse(place, post(end), invalid(UNKNOWN_NODE), times=2)
    rules = Etiquette(labels=("promotion",), reviewers=("@ada",))
    place.forge.propose(change(place, etiquette=rules))
    (pull,) = place.fake.state.pulls.values()
    assert (pull.labels, pull.reviewers) == (["promotion"], ["ada"])


PEOPLE = {
    "no collaborator": (("@eve", "@ada"), ["ada"]),
    "the author": (("@shop-bot[bot]", "@ada"), ["ada"]),
    "a team that the token does not see": (("@org/sre", "@ada"), ["ada"]),
    "more than fifteen": (tuple(f"@p{n}" for n in range(17)), [f"p{n}" for n in range(15)]),
}


@pytest.mark.parametrize("case", PEOPLE)
@ON_GITHUB
def test_a_reviewer_who_cannot_be_asked_spoils_it_for_nobody(place: Place, case: str) -> None:
    people, asked = PEOPLE[case]
    place.fake.state.writers = {"ada", *(f"p{n}" for n in range(17))}
    proposal = place.forge.propose(change(place, etiquette=Etiquette(reviewers=people)))
    assert proposal.outcome is Outcome.CREATED
    assert place.fake.state.pulls[1].reviewers == asked


@pytest.mark.parametrize("status", ["clean", "unstable"])
@ON_GITHUB
def test_what_cannot_be_armed_any_more_is_merged(place: Place, status: str) -> None:
    """It could not be merged when it was looked at, and can when it is armed."""
    proposal = place.forge.propose(change(place))
    state, arming = place.fake.state, mutation("enablePullRequestAutoMerge")
    state.blocked = True
    said = graphql_error("UNPROCESSABLE", f"Pull request Pull request is in {status} status")
    refuse(place, arming, said)

    def before(_number: int, call: Call) -> None:
        state.blocked = state.blocked and not arming(call)

    place.fake.server.before = before
    assert place.forge.merge(proposal, MergeMessage("t")).state is Merging.MERGED


@ON_GITHUB
def test_auto_merge_that_the_repository_forbids(place: Place) -> None:
    proposal = place.forge.propose(change(place))
    place.fake.state.blocked, place.fake.state.allow_auto_merge = True, False
    result = place.forge.merge(proposal, MergeMessage("t"))
    assert result.state is Merging.BLOCKED
    assert "Auto merge is not allowed" in result.reason


RULES = {
    "a protected branch": ("UNPROCESSABLE", "Changes must be made through a pull request."),
    "a workflow file": ("FORBIDDEN", "refusing to update a workflow without `workflows`"),
}


@pytest.mark.parametrize("case", RULES)
@ON_GITHUB
def test_a_rule_that_forbids_the_commit_is_told(place: Place, case: str) -> None:
    kind, words = RULES[case]
    refuse(place, mutation("createCommitOnBranch"), graphql_error(kind, words))
    with pytest.raises((RefusedError, ForbiddenError), match=words):
        place.forge.propose(change(place))
    assert outcome_of(place)["pulls"] == []
    place.fake.server.fault = lambda _number, _call: None
    assert again(place).forge.propose(change(place)).outcome is Outcome.CREATED


@ON_GITHUB
def test_commits_are_those_that_github_signs(place: Place) -> None:
    """It signs what its own mutation commits, and what a bot commits without naming an author."""
    place.forge.propose(change(place))
    calls = place.fake.server.calls
    assert not any(post("/git/commits")(call) for call in calls)
    edits = (NewFile("bin/tool", b"#!/bin/sh\n", 0o100755),)
    place.forge.propose(change(place, branch="gitops-ci/x", edits=edits))
    (call,) = [call for call in calls if post("/git/commits")(call)]
    assert set(call.body) == {"message", "tree", "parents"}


@BOTH
def test_a_list_that_misses_the_proposal_makes_no_second_one(place: Place) -> None:
    place.forge.propose(change(place))
    words = ("head", "source_branch")

    def by_branch(call: Call) -> bool:
        return call.method == "GET" and any(word in call.query for word in words)

    # GitHub's list by head goes on to miss it, GitLab's finds it at the second look
    refuse(place, by_branch, Answer(200, []), times=99 if "pulls" in vars(place.fake.state) else 1)
    place.forge.propose(change(place, "1.2"))
    assert len(outcome_of(place)["pulls"]) == 1
    assert place.file(BRANCH, "web/a.yaml") == "tag: 1.2"


@pytest.mark.parametrize("status", [405, 406])
@ON_GITLAB
def test_a_merge_that_gitlab_refuses(place: Place, status: int) -> None:
    proposal = place.forge.propose(change(place))
    refuse(place, lambda call: call.path.endswith("/merge"), Answer(status, {"message": "no"}))
    result = place.forge.merge(proposal, MergeMessage("t"))
    assert (result.state, result.reason) == (Merging.BLOCKED, "GitLab refuses to merge it")


@ON_GITLAB
def test_a_job_token_writes_no_notes_and_is_nobody(place: Place) -> None:
    number = place.forge.propose(change(place)).number
    access = GitlabAccess(place.fake.pages, "token-1", job=True)
    time: Any = place.time
    service = gitlab_service(access, PROJECT, place.clone.root, time, time.pause)
    refuse(place, post("/notes"), Answer(403, {"message": "403 Forbidden"}))
    before = len(place.fake.server.calls)
    with pytest.raises(ForgeError, match="403 Forbidden") as caught:
        service.add_comment(number, MARKER, MARKER)
    assert isinstance(caught.value, ForbiddenError)
    assert "a job's own token cannot write notes" in caught.value.permission
    assert all(not comment.mine for comment in service.comments(number))
    assert "/user" not in {call.path for call in place.fake.server.calls[before:]}
