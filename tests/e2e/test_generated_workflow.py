"""A newcomer's first hour on GitHub: a fresh repository, `init`, a bad commit, its repair."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.act import OWNER, Act, Ran, release
from tests.support.command import gitops_ci
from tests.support.containers import Engine
from tests.support.fake_github import bodies
from tests.support.fake_github.fake import FakeGithub
from tests.support.fake_github.state import Pull
from tests.support.forges.judges import github_judge
from tests.support.repository import Repository
from tests.support.tools import ROOT

pytestmark = [pytest.mark.full, pytest.mark.network, pytest.mark.timeout(900)]

WORKFLOW = ".github/workflows/gitops-ci.yml"
OVERLAY = "apps/web/overlays/prod/deployment.yaml"
GREEN = dict.fromkeys(("objects 1/1", "secrets", "gate"), "succeeded")


@pytest.fixture
def shop(tmp_path: Path) -> Repository:
    """The example shop without a configuration of its own, and what `init` makes of it. The owner
    is the one thing that a person fills in."""
    shutil.copytree(ROOT / "examples/shop", tmp_path / "shop")
    (tmp_path / "shop/.gitops-ci.yaml").unlink()
    shop = Repository(tmp_path / "shop")
    shop.commit(message="the shop")
    ended = gitops_ci(shop.root, "init")
    assert ended.code == 0, ended.err
    text = (shop.root / WORKFLOW).read_text("utf-8")
    shop.commit({WORKFLOW: text.replace("OWNER/", f"{OWNER}/")}, "the gate")
    return shop


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

    def push(self, replicas: str) -> Ran:
        """Commit another line for the number of replicas; the workflow runs on the merge commit
        that GitHub makes of the pull request."""
        text = (self._shop.root / OVERLAY).read_text("utf-8").splitlines(keepends=True)
        line = next(number for number, one in enumerate(text) if one.startswith("  replic"))
        head = self._shop.commit({OVERLAY: "".join([*text[:line], replicas, *text[line + 1 :]])})
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
    product = release(engine, image, tmp_path / "product")
    return Newcomer(shop, github, Act(engine, product, github, tmp_path / "act"))


def jobs(ran: Ran) -> dict[str, str]:
    """The results of the jobs of the reusable workflow."""
    return {name.removeprefix("gitops-ci/check/"): result for name, result in ran.jobs.items()}


def test_a_bad_commit_is_blocked_and_its_repair_let_through(
    newcomer: Newcomer, github: FakeGithub
) -> None:
    blocked = newcomer.push("  replicsa: 8\n")
    assert blocked.code != 0, blocked.log
    assert jobs(blocked) == {**GREEN, "objects 1/1": "failed", "gate": "failed"}, blocked.log
    (comment,) = github.state.comments
    assert "merge blocked" in comment["body"]
    (thread,) = github.state.threads
    assert (thread["path"], thread["line"]) == (OVERLAY, 6)
    assert "replicsa" in thread["body"]

    passed = newcomer.push("  replicas: 8\n")
    assert passed.code == 0, passed.log
    assert jobs(passed) == GREEN, passed.log
    (comment,) = github.state.comments
    assert "nothing blocks" in comment["body"]
    assert [thread["resolved"] for thread in github.state.threads] == [True]
