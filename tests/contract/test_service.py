"""What every forge tells about pull requests, checks and settings, and what it lets be written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from gitops_ci.forge.port import GITHUB, GITLAB, Service
from gitops_ci.model.change import Etiquette, MergeMessage, Merging, Proposal
from gitops_ci.model.check_run import CheckState, CommitStatus
from gitops_ci.model.deployment import DeploymentState
from gitops_ci.model.discussion import LineComment
from gitops_ci.model.forge_errors import (
    ForbiddenError,
    ForgeError,
    NotFoundError,
    RefusedError,
    StaleError,
)
from gitops_ci.model.forge_settings import ApprovalRules
from gitops_ci.model.pull_request import PullState, Verdict
from tests.support.forges.calls import Call
from tests.support.forges.faults import FAULTS, Fault
from tests.support.forges.places import Place, github, gitlab
from tests.support.forges.scenarios import BRANCH, change

pytestmark = pytest.mark.full

MARKER = "<!-- here -->"


@pytest.fixture(params=[github, gitlab], ids=["github", "gitlab"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    make: Callable[[Path], Place] = request.param
    made = make(tmp_path)
    yield made
    made.close()


def service(place: Place) -> Service:
    assert place.service is not None
    return place.service


@pytest.fixture
def proposal(place: Place) -> Proposal:
    return place.forge.propose(change(place))


def is_github(place: Place) -> bool:
    return hasattr(place.fake.state, "pulls")


def test_a_pull_request_as_facts(place: Place, proposal: Proposal) -> None:
    pull = service(place).pull(proposal.number)
    assert (pull.state, pull.head, pull.base) == (PullState.OPEN, BRANCH, "main")
    assert (pull.head_sha, pull.title) == (proposal.commit, "bump web to 1.1")
    assert (pull.labels, pull.fork, pull.draft) == (("promotion",), False, False)
    assert "brings 1.1" in pull.body
    assert service(place).name == (GITHUB if is_github(place) else GITLAB)
    assert next(iter(service(place).open_pulls())).number == pull.number
    assert [p.number for p in service(place).pulls_with_head(proposal.commit)] == [pull.number]
    assert service(place).pulls_with_head("0" * 40) == ()


def test_files_and_commits(place: Place, proposal: Proposal) -> None:
    (file,) = service(place).pull_files(proposal.number)
    assert (file.path, file.status) == ("web/a.yaml", "modified")
    assert file.patch is not None
    assert "+tag: 1.1" in file.patch
    place.commit({"note": "mine\n"}, BRANCH, "by Ada")
    commits = service(place).pull_commits(proposal.number)
    assert [c.message.split("\n")[0] for c in commits] == ["bump web to 1.1", "by Ada"]


def test_who_pushed(place: Place, proposal: Proposal) -> None:
    state = place.fake.state
    mine = service(place).pull_commits(proposal.number)[-1]
    assert mine.pushers == {state.viewer}
    assert mine.at > datetime(2026, 1, 1, tzinfo=UTC)  # when it came; it was made in 2023
    tip = place.commit({"note": "mine\n"}, BRANCH, "by Ada")
    state.pushers[tip] = "ada"
    commits = service(place).pull_commits(proposal.number)
    assert [c.pushers for c in commits] == [frozenset(), {state.viewer, "ada"}]
    state.pushers[proposal.commit] = ""
    known = {"ada"} if is_github(place) else set()  # GitLab's commits say nothing besides
    assert service(place).pull_commits(proposal.number)[-1].pushers == known
    del state.pushers[proposal.commit]
    state.shows_events = state.shows_activities = False
    assert service(place).pull_commits(proposal.number)[-1].pushers == frozenset()


def test_who_brought_a_commit(place: Place, proposal: Proposal) -> None:
    state = place.fake.state
    tip = place.commit({"x": "pushed straight to the branch\n"})
    if is_github(place):
        state.land(state.pulls[proposal.number], "merged")
        state.pushers[proposal.commit] = "bob"
        assert {state.viewer, "bob"} <= service(place).brought_by(place.tip("main"))
        return
    state.pushers[tip] = "ada"
    assert service(place).brought_by(tip) == {"ada"}
    state.pushers[tip] = ""
    with pytest.raises(ForgeError, match="does not tell who pushed"):
        service(place).brought_by(tip)
    place.forge.merge(proposal, MergeMessage("t"))
    state.pushers[proposal.commit] = "bob"
    assert service(place).brought_by(place.tip("main")) == {state.viewer, "bob"}
    state.shows_events = False
    with pytest.raises(ForgeError, match="does not tell who pushed to !"):
        service(place).brought_by(place.tip("main"))


def test_labels_and_who_set_them(place: Place, proposal: Proposal) -> None:
    service(place).set_labels(proposal.number, ["a", "b"], [])
    service(place).set_labels(proposal.number, [], ["a", "not there"])
    assert set(service(place).pull(proposal.number).labels) == {"promotion", "b"}
    events = [e for e in service(place).label_events(proposal.number) if e.label in "ab"]
    assert [(e.label, e.added) for e in events] == [("a", True), ("b", True), ("a", False)]
    assert {e.by for e in events} == {place.fake.state.viewer}


def test_approvals_belong_to_a_head(place: Place, proposal: Proposal) -> None:
    state = place.fake.state
    if is_github(place):
        item = {"id": 1, "by": "ada", "state": "APPROVED", "at": state.now()}
        state.reviews.append({**item, "sha": proposal.commit, "number": proposal.number})
    else:
        service(place).pull(proposal.number)
        place.fake.rest.approve(proposal.number, "ada")
    (review,) = service(place).reviews(proposal.number)
    assert (review.by, review.verdict, review.sha) == ("ada", Verdict.APPROVED, proposal.commit)
    keep = replace(change(place, "1.2"), etiquette=Etiquette(keep_approved=True))
    kept = place.forge.propose(keep)
    assert "approved" in kept.reason
    assert kept.commit == proposal.commit
    again = place.forge.propose(change(place, "1.2"))
    assert again.commit != proposal.commit
    (review,) = service(place).reviews(proposal.number)
    assert review.sha == proposal.commit


def test_comments_are_found_again_on_every_page(place: Place, proposal: Proposal) -> None:
    state = place.fake.state
    items, key = (state.comments, "number") if is_github(place) else (state.notes, "iid")
    for number in range(120):
        said = {"id": number, key: proposal.number, "body": "x", "author": "ada"}
        items.append({**said, "at": state.now()})
    comment = service(place).add_comment(proposal.number, f"text {MARKER}", MARKER)
    service(place).edit_comment(proposal.number, comment, f"other {MARKER}")
    found = service(place).comments(proposal.number)
    assert (len(found), found[-1].body, found[-1].mine) == (121, f"other {MARKER}", True)
    place.fake.state.viewer = "bob"
    if is_github(place):
        assert not service(place).comments(proposal.number)[-1].mine


def test_a_comment_is_deleted_once_and_for_all(place: Place, proposal: Proposal) -> None:
    kept, gone = (
        service(place).add_comment(proposal.number, f"{MARKER} {word}", f"{MARKER} {word}")
        for word in ("kept", "gone")
    )
    for _ in range(2):
        service(place).delete_comment(proposal.number, gone)
    found = service(place).comments(proposal.number)
    assert [item.id for item in found] == [kept.id]


def test_a_review_lands_on_its_lines_and_is_resolved(place: Place, proposal: Proposal) -> None:
    pull = service(place).pull(proposal.number)
    comments = [LineComment("web/a.yaml", 1, "line"), LineComment("web/a.yaml", 0, "file")]
    service(place).add_review(pull, "summary", comments)
    threads = service(place).threads(proposal.number)
    assert sorted((t.line, t.body, t.mine, t.resolved) for t in threads) == [
        (0, "file", True, False),
        (1, "line", True, False),
    ]
    assert service(place).resolve(proposal.number, threads[0])
    threads = service(place).threads(proposal.number)
    assert [(t.resolved, t.settled) for t in threads] == [(True, False), (False, False)]
    with pytest.raises(RefusedError):
        service(place).add_review(pull, "", [LineComment("elsewhere", 1, "x")])
    if is_github(place):
        place.fake.state.lost_resolve = True
        assert service(place).resolve(proposal.number, threads[1])
        assert place.fake.state.threads[1]["hidden"]


@pytest.mark.parametrize(("resolver", "settled"), [("ada", True), ("", False)])
def test_who_resolved_a_thread_is_told(
    place: Place, proposal: Proposal, resolver: str, *, settled: bool
) -> None:
    """An account that is gone may have been the token's own."""
    pull = service(place).pull(proposal.number)
    service(place).add_review(pull, "", [LineComment("web/a.yaml", 1, "line")])
    state = place.fake.state
    (item,) = state.threads if is_github(place) else state.discussions
    item |= {"resolved": True, "resolver": resolver}
    (thread,) = service(place).threads(proposal.number)
    assert (thread.resolved, thread.settled) == (True, settled)


LINES = [LineComment("web/a.yaml", 1, f"remark {number}") for number in range(31)]


def test_many_remarks_are_few_writes(place: Place, proposal: Proposal) -> None:
    pull = service(place).pull(proposal.number)
    before = service(place).writes
    service(place).add_review(pull, "", LINES)
    assert service(place).writes - before == (1 if is_github(place) else 2)
    threads = service(place).threads(proposal.number)
    assert [thread.body for thread in threads] == [comment.body for comment in LINES]


LOST = [fault for fault in FAULTS if fault.happens or fault.name == "before"]


@pytest.mark.parametrize("fault", LOST, ids=lambda fault: fault.name)
def test_remarks_whose_answer_got_lost_are_not_said_twice(
    place: Place, proposal: Proposal, fault: Fault
) -> None:
    pull = service(place).pull(proposal.number)
    server, wrong = place.fake.server, []

    def once(_number: int, call: Call) -> Fault | None:
        is_review = call.path.endswith("/reviews") or "createDiffNote" in str(call.body)
        if not is_review or wrong:
            return None
        wrong.append(call)
        return fault

    server.fault = once
    service(place).add_review(pull, "", LINES)
    threads = service(place).threads(proposal.number)
    assert [thread.body for thread in threads] == [comment.body for comment in LINES]
    assert len(wrong) == 1


class TestGitlabWithoutMutations:
    @pytest.fixture
    def place(self, tmp_path: Path) -> Iterator[Place]:
        made = gitlab(tmp_path)
        yield made
        made.close()

    def test_each_remark_is_a_discussion(self, place: Place, proposal: Proposal) -> None:
        place.fake.state.graphql = {"errors": [{"message": "Query has complexity of 400"}]}
        service(place).add_review(service(place).pull(proposal.number), "", LINES[:3])
        threads = service(place).threads(proposal.number)
        assert [thread.body for thread in threads] == ["remark 0", "remark 1", "remark 2"]

    def test_a_token_that_may_not_is_told_what_it_needs(
        self, place: Place, proposal: Proposal
    ) -> None:
        said = {"message": "The resource does not exist or you have no permission"}
        place.fake.state.graphql = {"data": {"n0": None}, "errors": [said]}
        with pytest.raises(ForbiddenError, match="no permission") as caught:
            service(place).add_review(service(place).pull(proposal.number), "", LINES[:1])
        assert caught.value.permission.startswith("api")


def test_a_status_is_written_once(place: Place, proposal: Proposal) -> None:
    status = CommitStatus("gate", CheckState.PENDING, "opens Mon " + "x" * 300)
    assert service(place).set_status(proposal.commit, status)
    assert not service(place).set_status(proposal.commit, status)
    assert service(place).set_status(proposal.commit, CommitStatus("gate", CheckState.SUCCESS))
    (check,) = service(place).checks(proposal.commit)
    assert (check.name, check.state) == ("gate", CheckState.SUCCESS)


def test_check_runs_stand_beside_statuses(place: Place, proposal: Proposal) -> None:
    state = place.fake.state
    if not is_github(place):
        job = {"id": 1, "sha": proposal.commit, "name": "job", "status": "failed", "by": "ada",
               "allow_failure": True, "target_url": None, "description": None,
               "at": state.now()}  # fmt: skip
        state.statuses.append(job)
        assert service(place).checks(proposal.commit)[0].state is CheckState.NEUTRAL
        return
    rows = (("completed", "success"), ("completed", "skipped"), ("in_progress", None))
    for number, (status, conclusion) in enumerate(rows):
        run = {"id": number, "name": f"c{number}", "sha": proposal.commit, "app": "actions"}
        state.check_runs.append({**run, "status": status, "conclusion": conclusion})
    found = service(place).checks(proposal.commit)
    assert [(c.name, c.state.value, c.source) for c in found] == [
        ("c0", "success", "actions"),
        ("c1", "neutral", "actions"),
        ("c2", "pending", "actions"),
    ]


def test_a_deployment_goes_through_its_states(place: Place, proposal: Proposal) -> None:
    record = service(place).record_deployment
    assert record("prod", proposal.commit, DeploymentState.RUNNING).environment == "prod"
    record("prod", proposal.commit, DeploymentState.RUNNING)
    done = record("prod", proposal.commit, DeploymentState.SUCCESS)
    (found,) = service(place).deployments("prod", proposal.commit)
    assert (found.state, found.id) == (DeploymentState.SUCCESS, done.id)
    assert found.succeeded
    assert service(place).deployments("dev") == ()
    before = service(place).writes
    for state in DeploymentState.PENDING, DeploymentState.RUNNING, DeploymentState.SUCCESS:
        assert record("prod", proposal.commit, state).state is DeploymentState.SUCCESS
    assert service(place).writes == before
    assert record("prod", proposal.commit, DeploymentState.FAILURE).succeeded is is_github(place)


def test_a_deployment_that_waits_and_one_that_is_replaced(place: Place) -> None:
    record = service(place).record_deployment
    first = place.commit({"x": "1"})
    record("prod", first, DeploymentState.PENDING)
    before = service(place).writes
    record("prod", first, DeploymentState.PENDING)
    assert service(place).writes - before <= int(is_github(place))
    record("prod", first, DeploymentState.SUCCESS)
    record("prod", place.commit({"x": "2"}), DeploymentState.SUCCESS)
    (found,) = service(place).deployments("prod", first)
    assert found.succeeded
    assert (found.state is DeploymentState.INACTIVE) is is_github(place)
    assert record("prod", first, DeploymentState.SUCCESS).state is found.state


def test_variables_files_and_history(place: Place) -> None:
    place.fake.state.variables["FREEZE"] = "prod"
    assert service(place).variable("FREEZE") == "prod"
    assert service(place).variable("OTHER") is None
    assert service(place).file("web/a.yaml", "main") == b"tag: 1.0\n"
    assert service(place).file("web/b.yaml", "main") is None
    tip = place.commit({"x": "y"})
    line = service(place).first_parents("main")
    assert line == tuple(place.store.git("rev-list", "--first-parent", "main").split())
    assert service(place).first_parents("main", 1) == (tip,)
    assert service(place).fetch("main") == tip
    assert place.clone.git("cat-file", "-t", tip) == "commit"


def test_people(place: Place) -> None:
    state = place.fake.state
    if is_github(place):
        state.teams["sre"], state.writers = ["Ada", "bob"], {"ada"}
        team = "@org/sre"
    else:
        state.groups["org/sre"], state.developers = ["Ada", "bob"], {"ada"}
        team = "@org/sre"
    assert service(place).members(team) == {"ada", "bob"}
    with pytest.raises(NotFoundError, match="cannot be read"):
        service(place).members("@org/none")
    assert service(place).may_write("ada")
    assert not service(place).may_write("bob")


def test_merging_waits_until_the_forge_knows(place: Place, proposal: Proposal) -> None:
    result = place.forge.merge(proposal, MergeMessage("our title", "our text"))
    assert result.state is Merging.MERGED
    assert place.time.pauses.count(2.0) >= 1
    message = place.store.message("main")
    assert message.startswith("our title\n\nour text")
    assert place.forge.merge(proposal, MergeMessage("x")).state is Merging.MERGED
    gone = place.forge.withdraw(BRANCH, "main", "merged")
    assert gone.reason == "it is merged"
    assert place.tip(BRANCH) == ""


def test_a_merge_is_armed_when_something_is_missing(place: Place, proposal: Proposal) -> None:
    place.fake.state.blocked = True if is_github(place) else "ci_still_running"
    assert place.forge.merge(proposal, MergeMessage("t")).state is Merging.ARMED
    assert place.forge.merge(proposal, MergeMessage("t")).state is Merging.ARMED


def test_a_merge_that_cannot_be(place: Place, proposal: Proposal) -> None:
    place.commit({"web/a.yaml": "tag: 9\n"})
    blocked = place.forge.merge(proposal, MergeMessage("t"))
    assert (blocked.state, "conflict" in blocked.reason) == (Merging.BLOCKED, True)
    with pytest.raises(StaleError):
        place.forge.merge(replace(proposal, commit="0" * 40), MergeMessage("t"))
    if is_github(place):
        place.fake.state.blocked, place.fake.state.allow_auto_merge = True, False
    else:
        place.fake.state.blocked = "not_approved"
    other = place.forge.propose(change(place, "1.4", branch="gitops-ci/x", edits=()))
    assert other.reason == "there is nothing to change"


def test_mergeable_stays_unknown(place: Place, proposal: Proposal) -> None:
    if is_github(place):
        place.fake.state.unknown_looks = 99
    else:
        place.fake.state.unchecked_looks = 99
    assert place.forge.merge(proposal, MergeMessage("t")).state is Merging.BLOCKED


def test_settings(place: Place) -> None:
    facts = service(place).token_facts()
    assert facts.login == place.fake.state.viewer
    repository = service(place).repository_facts()
    assert (repository.name, repository.default_branch) == (service(place).repository, "main")
    rules = service(place).branch_rules("main")
    if is_github(place):
        assert rules.checks[0].name == "check / gate"
        assert (rules.approvals, rules.binds_admins, rules.up_to_date) == (2, True, True)
        assert repository.bots_may_propose
    else:
        assert (rules.protected, rules.code_owners, rules.approvals) == (True, True, 2)
        assert rules.approvers == ApprovalRules(True, False, False)
        assert rules.dismiss_stale
        assert not service(place).branch_rules("other").protected
