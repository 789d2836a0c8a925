"""Proposals that merge themselves: which ones, when, and with which words."""

from __future__ import annotations

import io
import json

import pytest
from msgspec.structs import replace

from gitops_ci.cli import wire
from gitops_ci.cli.parser import inputs_of, parse
from gitops_ci.model.change import MergeResult, Merging
from gitops_ci.model.forge_errors import ForgeError, StaleError
from gitops_ci.output.sink import Sink
from gitops_ci.steps.context import Forge, Occasion, RunContext
from tests.support.command import Ended, gitops_ci
from tests.support.fake_service import FakeService, OneService, pull_request
from tests.support.repository import Repository
from tests.unit.promote.build import images
from tests.unit.promote.places import THREE

BRANCH = "gitops-ci/promote/prod/web"
PATHS = {env: f"apps/web/overlays/{env}/kustomization.yaml" for env in ("dev", "staging", "prod")}
SET = "pr: {automerge: true}\n"
CLOSED = "gates: {prod: {windows: {deny: ['01-01..12-31']}}}\n"
OPEN = "gates: {prod: {soak: 1s}}\n"


class Shop:
    """A promotion of web to prod that stands open as #7 on a forge."""

    def __init__(self, repository: Repository, more: str) -> None:
        self.repository, self.fake = repository, FakeService()
        versions = {"dev": "1.2.0", "staging": "1.2.0", "prod": "1.1.0"}
        files = {PATHS[env]: images("shop/web", version) for env, version in versions.items()}
        base = repository.commit({".gitops-ci.yaml": THREE + more, **files})
        made = gitops_ci(repository.root, "promote", "--to", "prod", "--pr", "--forge", "local")
        assert made.code == 0, made.err
        self.head = repository.git("rev-parse", BRANCH)
        self.fake.tips = {"main": base}
        self.pull(self.head)

    def pull(self, head: str, **more: object) -> None:
        pull = replace(pull_request(head_sha=head), author="bot", head=BRANCH)
        self.fake.pull_ = replace(pull, **more)  # type: ignore[arg-type]

    def sweep(self) -> Ended:
        """What a schedule does."""
        out, err = io.BytesIO(), io.BytesIO()
        command = parse(["-C", str(self.repository.root), "gate"])
        world = wire.world(command, Sink(out, err), {})
        world = replace(
            world,
            context=RunContext(Forge.GITHUB, Occasion.OTHER),
            forges=OneService(self.fake),
        )
        code = command.entry.load().run(inputs_of(command.entry, command.given), world)
        return Ended(code, out.getvalue().decode(), err.getvalue().decode())


def test_an_open_one_is_merged_at_its_head_with_our_words(repository: Repository) -> None:
    shop = Shop(repository, SET + OPEN)
    ended = shop.sweep()
    assert ended.code == 0
    assert "#7 is merged as ffffffffffff" in ended.out
    ((proposal, message),) = shop.fake.merged
    assert (proposal.number, proposal.commit) == (7, shop.head)
    assert message.title == "chore(prod): promote web 1.1.0 to 1.2.0 (#7)"
    assert "Gitops-CI-Environment: prod" in message.body
    assert "Gitops-CI-Tree" not in message.body


@pytest.mark.parametrize("more", [SET + CLOSED, OPEN, ""])
def test_closed_gates_or_no_wish_merge_nothing(repository: Repository, more: str) -> None:
    shop = Shop(repository, more)
    assert shop.sweep().code == 0
    assert shop.fake.written == []


def test_without_gates_the_wish_is_enough(repository: Repository) -> None:
    shop = Shop(repository, SET)
    shop.sweep()
    assert shop.fake.written == ["merge"]


@pytest.mark.parametrize("more", [{"draft": True}, {"fork": True}])
def test_drafts_and_forks_are_never_merged(repository: Repository, more: dict[str, bool]) -> None:
    shop = Shop(repository, SET)
    shop.pull(shop.head, **more)
    shop.sweep()
    assert shop.fake.written == []


def test_what_people_changed_is_theirs(repository: Repository) -> None:
    shop = Shop(repository, SET)
    repository.git("checkout", "--quiet", BRANCH)
    shop.pull(repository.commit({PATHS["prod"]: images("shop/web", "6.6.6")}))
    shop.sweep()
    assert shop.fake.written == []


def test_a_commit_of_people_below_ours_is_theirs(repository: Repository) -> None:
    shop = Shop(repository, SET)
    message = repository.git("log", "-1", "--format=%B", BRANCH)
    repository.git("checkout", "--quiet", "-B", "forged", "main")
    repository.commit({PATHS["prod"]: images("shop/web", "6.6.6")})
    repository.git("checkout", BRANCH, "--", ".")
    repository.git("commit", "--quiet", "--message", message)
    shop.pull(repository.git("rev-parse", "HEAD"))
    shop.sweep()
    assert shop.fake.written == []


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (MergeResult(Merging.ARMED), "#7 merges itself once the forge lets it"),
        (MergeResult(Merging.QUEUED), "#7 is in the merge queue"),
        (MergeResult(Merging.BLOCKED, reason="it conflicts"), "#7 cannot be merged: it conflicts"),
    ],
)
def test_what_the_forge_makes_of_it_is_said(
    repository: Repository, state: MergeResult, said: str
) -> None:
    shop = Shop(repository, SET)
    shop.fake.merging = state
    assert said in shop.sweep().out


def test_a_moved_head_is_for_the_next_run(repository: Repository) -> None:
    shop = Shop(repository, SET)
    shop.fake.refuses = {"merge": StaleError("moved")}
    ended = shop.sweep()
    assert (ended.code, "the next run looks again" in ended.out) == (0, True)


def test_a_forge_that_fails_is_said(repository: Repository) -> None:
    shop = Shop(repository, SET)
    shop.fake.refuses = {"merge": ForgeError("no answer")}
    ended = shop.sweep()
    assert (ended.code, "#7 cannot be judged: no answer" in ended.out) == (4, True)


def test_a_clone_without_a_forge_merges_nothing(repository: Repository) -> None:
    Shop(repository, SET)
    again = gitops_ci(repository.root, "promote", "--to", "prod", "--pr", "--format", "json")
    assert json.loads(again.out)["notes"] == []
