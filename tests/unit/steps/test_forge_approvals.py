"""Who approved a change, as a forge tells it."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from gitops_ci.model.forge_errors import UnreachableError
from gitops_ci.model.pull_request import PullCommit, Review, Verdict
from gitops_ci.output.sink import Sink
from gitops_ci.steps.forge_approvals import ForgeApprovals
from tests.support.fake_service import FakeService, OneService, pull_request

HEAD, OLD = "a" * 40, "b" * 40
TEAM, CLOSED = "@org/security", "@org/secret"


def at(hour: int) -> datetime:
    return datetime(2027, 1, 15, hour, tzinfo=UTC)


def review(by: str, sha: str = HEAD, verdict: Verdict = Verdict.APPROVED, hour: int = 12) -> Review:
    return Review(by=by, verdict=verdict, at=at(hour), sha=sha)


def service(*reviews: Review) -> FakeService:
    """The pull request 7 of ann, whose head eve committed."""
    commit = PullCommit(HEAD, "ann", "eve", "", "change", at(9))
    teams = {TEAM: frozenset({"sam", "ann"})}
    return FakeService(reviews_=list(reviews), commits=[commit], teams=teams)


def asked(
    fake: FakeService | None, *names: str, head: str = HEAD, number: int = 7
) -> tuple[bool, str]:
    """The answer, and what the log says."""
    err = io.BytesIO()
    approvals = ForgeApprovals(OneService(fake), number, Sink(io.BytesIO(), err))
    return approvals.by_any(names, head), err.getvalue().decode()


@pytest.mark.parametrize(
    ("reviews", "names", "agreed"),
    [
        ((review("Sam"),), ("@sam",), True),
        ((review("sam"),), (TEAM,), True),
        ((review("sam"),), ("@kim",), False),
        ((review("sam", OLD),), (TEAM,), False),
        ((review("sam"), review("sam", verdict=Verdict.DISMISSED, hour=13)), (TEAM,), False),
        ((review("sam", verdict=Verdict.COMMENTED),), (TEAM,), False),
        ((review("ann"),), (TEAM,), False),
        ((review("eve"),), ("@eve",), False),
        ((review("kim"), review("sam")), ("@sam",), True),
        ((), (TEAM,), False),
        # where the forge does not tell the commit, the time decides
        ((review("sam", sha="", hour=10),), (TEAM,), True),
        ((review("sam", sha="", hour=8),), (TEAM,), False),
    ],
)
def test_whose_approval_counts(
    reviews: tuple[Review, ...], names: tuple[str, ...], agreed: bool
) -> None:
    assert asked(service(*reviews), *names) == (agreed, "")


def test_without_a_forge_nobody_has_approved() -> None:
    assert asked(None, TEAM) == (False, "")


def test_a_team_that_cannot_be_read_has_not_approved_and_is_named() -> None:
    agreed, log = asked(service(review("sam")), CLOSED)
    assert not agreed
    assert f"an approval by {CLOSED} does not count" in log


def test_it_takes_nothing_from_the_others() -> None:
    assert asked(service(review("sam")), CLOSED, "@sam")[0]


def test_a_forge_that_does_not_answer_approves_nothing() -> None:
    fake = service(review("sam"))
    fake.refuses["reviews"] = UnreachableError("no answer")
    assert asked(fake, TEAM) == (False, f"it is not known who approved {HEAD[:12]}: no answer\n")


def test_the_head_of_the_pull_request_has_moved_on() -> None:
    assert asked(service(review("sam", OLD)), TEAM, head=OLD) == (False, "")


def test_a_run_that_knows_only_its_head_finds_the_pull_request() -> None:
    assert asked(service(review("sam")), TEAM, number=0)[0]
    assert not asked(service(review("sam", OLD)), TEAM, number=0, head=OLD)[0]
    assert pull_request().head_sha == HEAD
