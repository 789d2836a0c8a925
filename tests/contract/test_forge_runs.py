"""Many runs: the same one fifty times, and twenty at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from gitops_ci.documents.splice import StaleEditError
from gitops_ci.forge.attempts import propose_until_it_stands
from gitops_ci.model.change import Change, Etiquette, Outcome
from gitops_ci.model.edit import NewFile
from gitops_ci.model.errors import ConflictError
from gitops_ci.model.forge_errors import ForbiddenError
from tests.support.forges.places import Place, again, fresh_clone, github, gitlab, read_only
from tests.support.forges.scenarios import BRANCH, change, outcome_of

BOTH = pytest.mark.parametrize("make", [github, gitlab], ids=["github", "gitlab"])


@pytest.fixture
def place(make: Callable[[Path], Place], tmp_path: Path) -> Iterator[Place]:
    made = make(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("runs", [5, pytest.param(50, marks=pytest.mark.full)])
@BOTH
def test_many_runs_make_one_proposal(place: Place, runs: int) -> None:
    place.forge.propose(change(place))
    wanted = outcome_of(place)
    assert (len(wanted["pulls"]), wanted["comments"], wanted["commits"][BRANCH]) == (1, 0, 1)
    for _ in range(runs - 1):
        run = again(place)
        assert run.service is not None
        before = len(place.fake.server.api_calls)
        standing = run.forge.standing(BRANCH)
        proposal = run.forge.propose(replace(change(run), standing=standing))
        assert proposal.outcome is Outcome.UNCHANGED
        calls = place.fake.server.api_calls[before:]
        assert (len(calls) <= 6, run.service.writes) == (True, 0)
        assert len(calls) == run.service.calls
    assert outcome_of(place) == wanted


@pytest.mark.parametrize("runs", [3, pytest.param(20, marks=pytest.mark.full)])
@BOTH
@pytest.mark.timeout(300)
def test_many_at_once_lose_nothing(place: Place, runs: int, tmp_path: Path) -> None:
    """Each brings its own file to the proposal of one unit, on top of what stands there."""

    def run(number: int) -> str:
        mine = again(dataclasses.replace(place, clone=fresh_clone(tmp_path / str(number))))

        def make(tip: str) -> Change:
            standing = mine.forge.standing(BRANCH)
            words = ("ls-tree", "-r", "--name-only", standing or tip)
            files = mine.clone.git(*words).split()
            names = {name for name in files if name.startswith("bump-")} | {f"bump-{number}"}
            edits = tuple(NewFile(name, name.encode()) for name in sorted(names))
            return Change("bump many", "text", BRANCH, "main", tip, edits, standing=standing)

        try:
            propose_until_it_stands(mine.forge, "main", make, mine.time.pause)
        except ConflictError:
            return "5"
        return f"bump-{number}"

    with ThreadPoolExecutor(runs) as pool:
        ended = list(pool.map(run, range(runs)))
    there = set(place.store.git("ls-tree", "-r", "--name-only", BRANCH).split())
    landed = {name for name in ended if name != "5"}
    assert landed
    assert landed <= there
    assert len(outcome_of(place)["pulls"]) == 1
    assert len(place.store.between("main", BRANCH)) == 1


@BOTH
def test_what_a_person_closed_stays_closed(place: Place) -> None:
    proposal = place.forge.propose(change(place))
    state = place.fake.state
    if hasattr(state, "pulls"):
        state.close(state.pulls[proposal.number])
    else:
        state.requests[proposal.number].state = "closed"
    declined = place.forge.propose(change(place))
    assert (declined.outcome, "closed" in declined.reason) == (Outcome.DECLINED, True)
    assert place.forge.propose(change(place, "1.2")).outcome is Outcome.CREATED
    other = change(place, etiquette=Etiquette(reopen=True))
    assert place.forge.propose(other).outcome in (Outcome.CREATED, Outcome.UPDATED)


@BOTH
def test_not_more_than_so_many_are_open(place: Place) -> None:
    rules = Etiquette(most_open=1, family="gitops-ci/")
    place.forge.propose(change(place, etiquette=rules))
    other = change(place, branch="gitops-ci/bump/prod/api", etiquette=rules)
    declined = place.forge.propose(other)
    assert (declined.outcome, "maxOpen" in declined.reason) == (Outcome.DECLINED, True)
    assert place.tip("gitops-ci/bump/prod/api") == ""


@BOTH
def test_people_are_told_once_that_their_commits_stay(place: Place) -> None:
    place.forge.propose(change(place))
    place.commit({"note": "mine\n"}, BRANCH)
    for _ in range(3):
        assert again(place).forge.propose(change(place, "1.2")).outcome is Outcome.DECLINED
    assert outcome_of(place)["comments"] == 1


@BOTH
def test_a_run_for_a_stranger_writes_nothing(place: Place) -> None:
    run = read_only(place)
    before = len(place.fake.server.calls)
    with pytest.raises(ForbiddenError, match="stranger"):
        run.forge.propose(change(run))
    methods = {call.method for call in place.fake.server.api_calls[before:]}
    assert methods <= {"GET"}
    assert outcome_of(place)["pulls"] == []


@BOTH
def test_a_stale_edit_reaches_no_forge(place: Place) -> None:
    place.commit({"web/a.yaml": "tag: 9.9\n"})
    with pytest.raises(StaleEditError):
        place.forge.propose(change(place))
    assert all(call.method == "GET" for call in place.fake.server.api_calls)


def test_an_app_gets_new_tokens(tmp_path: Path) -> None:
    from datetime import timedelta

    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    from gitops_ci.forge.github.wire import AppKey
    from gitops_ci.model.forge_errors import UnauthorisedError

    key = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    place = github(tmp_path, AppKey("1", key.decode()))
    place.fake.state.tokens.clear()
    assert place.forge.propose(change(place)).outcome is Outcome.CREATED
    place.fake.state.tokens.clear()  # as when an hour is over
    place.fake.state.token_life = timedelta(days=9999)
    assert place.forge.propose(change(place, "1.2")).outcome is Outcome.UPDATED
    assert len(place.fake.state.tokens) >= 1
    place.fake.state.installed = False
    place.fake.state.tokens.clear()
    with pytest.raises(UnauthorisedError, match="not installed"):
        place.forge.propose(change(place, "1.3"))
    place.close()
