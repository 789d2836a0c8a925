"""A newcomer's first hour on GitHub: a fresh repository, `init`, a bad commit, its repair."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.act import Act, Ran
from tests.support.containers import Engine
from tests.support.fake_github import bodies
from tests.support.fake_github.fake import FakeGithub
from tests.support.fake_github.state import Pull
from tests.support.forges.judges import github_judge
from tests.support.newcomer import BAD, GOOD, LINE, OVERLAY, replicas, started
from tests.support.release import IMAGE, release
from tests.support.repository import Repository

pytestmark = [pytest.mark.full, pytest.mark.network, pytest.mark.timeout(900)]

WORKFLOW = ".github/workflows/gitops-ci.yml"
GREEN = dict.fromkeys(("objects 1/1", "secrets", "gate"), "succeeded")


@pytest.fixture
def shop(tmp_path: Path) -> Repository:
    return started(tmp_path / "shop", "github", WORKFLOW)


@pytest.fixture
def github(shop: Repository, tmp_path: Path) -> Iterator[FakeGithub]:
    """A GitHub with the shop on it."""
    shop.git("clone", "--quiet", "--bare", str(shop.root), str(tmp_path / "origin.git"))
    fake = FakeGithub(tmp_path / "forge", tmp_path / "origin.git", github_judge())
    yield fake
    fake.close()
    assert fake.server.problems == []


class Newcomer:
    """Works on the branch `topic` of the shop and has a pull request for it."""

    def __init__(self, shop: Repository, github: FakeGithub, act: Act) -> None:
        self._shop, self._github, self._act = shop, github, act
        shop.git("switch", "--quiet", "--create", "topic")

    def push(self, line: str) -> Ran:
        """Push a commit; the workflow runs on the merge commit that GitHub makes of the pull
        request."""
        head = replicas(self._shop, line)
        self._shop.git("push", "--quiet", str(self._github.bare.root), "topic")
        payload = self._payload(head)
        self._shop.git("switch", "--quiet", "--detach", "main")
        self._shop.git("merge", "--quiet", "--no-ff", "--message=Merge topic into main", "topic")
        ran = self._act.run(self._shop.root, WORKFLOW, "pull_request", payload)
        self._shop.git("switch", "--quiet", "topic")
        return ran

    def _payload(self, head: str) -> dict[str, Any]:
        """What GitHub tells a workflow of the pull request, which the first push opens."""
        state = self._github.state
        if not state.pulls:
            state.open(Pull(1, "more replicas", "", "ada", "topic", head, "main"))
        state.settle()
        shown = {"number": 1, "pull_request": bodies.pull(state, state.pulls[1])}
        return {"action": "synchronize", **shown, "repository": bodies.repository(state)}


@pytest.fixture
def newcomer(
    engine: Engine, image: str, shop: Repository, github: FakeGithub, tmp_path: Path
) -> Newcomer:
    product = release(tmp_path / "product", engine.tag(image, IMAGE))
    return Newcomer(shop, github, Act(engine, product, github, tmp_path / "act"))


def jobs(ran: Ran) -> dict[str, str]:
    """The results of the jobs of the reusable workflow."""
    return {name.removeprefix("gitops-ci/check/"): result for name, result in ran.jobs.items()}


def test_a_bad_commit_is_blocked_and_its_repair_let_through(
    newcomer: Newcomer, github: FakeGithub
) -> None:
    blocked = newcomer.push(BAD)
    assert blocked.code != 0, blocked.log
    assert jobs(blocked) == {**GREEN, "objects 1/1": "failed", "gate": "failed"}, blocked.log
    (comment,) = github.state.comments
    assert "merge blocked" in comment["body"]
    (thread,) = github.state.threads
    assert (thread["path"], thread["line"]) == (OVERLAY, LINE)
    assert "replicsa" in thread["body"]

    passed = newcomer.push(GOOD)
    assert passed.code == 0, passed.log
    assert jobs(passed) == GREEN, passed.log
    (comment,) = github.state.comments
    assert "nothing blocks" in comment["body"]
    assert [thread["resolved"] for thread in github.state.threads] == [True]
