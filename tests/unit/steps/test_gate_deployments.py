"""`gate --deployment`: what was merged, on a forge in memory."""

from __future__ import annotations

import pytest

from gitops_ci.model.deployment import Deployment, DeploymentState
from gitops_ci.model.errors import UsageError
from gitops_ci.steps.context import Occasion
from tests.support.repository import Repository
from tests.unit.steps.test_gate import SOAK, Scene, overlay

RUNNING = ("--deployment", "running")


@pytest.fixture
def scene(repository: Repository) -> Scene:
    made = Scene(repository, SOAK)
    made.change({**overlay("prod", "1.1.0"), **overlay("dev", "1.2.0")})
    return made


def states(scene: Scene) -> dict[str, list[tuple[str, str]]]:
    recorded = scene.fake.deployments_
    return {name: [(i.sha, i.state.value) for i in items] for name, items in recorded.items()}


def test_every_environment_that_a_push_touches(scene: Scene) -> None:
    ended = scene.run(*RUNNING, occasion=Occasion.PUSH)
    assert ended.code == 0
    assert f"prod: {scene.head[:10]} is recorded as running" in ended.out
    wanted = [(scene.head, "running")]
    assert states(scene) == {"dev": wanted, "prod": wanted}


def test_again_writes_nothing_and_an_old_job_changes_nothing(scene: Scene) -> None:
    for state in ("running", "running", "success", "success", "running"):
        ended = scene.run("--deployment", state, occasion=Occasion.PUSH)
    assert f"prod: {scene.head[:10]} is recorded as success" in ended.out
    assert scene.fake.written == ["record_deployment"] * 4
    assert states(scene)["prod"] == [(scene.head, "success")]


def test_a_range_says_what_was_merged(scene: Scene) -> None:
    ended = scene.run("main..topic", "--deployment", "failure", occasion=Occasion.OTHER)
    assert ended.code == 0
    assert states(scene)["dev"] == [(scene.head, "failure")]


def test_what_is_recorded_opens_the_gate_behind_it(repository: Repository) -> None:
    scene = Scene(repository, "{checks: [{on: deployment}]}")
    scene.change(overlay("prod", "1.1.0"))
    assert "has not run as a deployment" in scene.closed()[0]
    range_ = f"{scene.staged}~..{scene.staged}"
    scene.run(range_, "--deployment", "success", occasion=Occasion.OTHER)
    assert set(scene.fake.deployments_) == {"staging"}
    assert scene.closed() == []


def test_a_push_that_touches_nothing(repository: Repository) -> None:
    scene = Scene(repository, SOAK)
    scene.change({"README.md": "text\n"})
    ended = scene.run(*RUNNING, occasion=Occasion.PUSH)
    assert (ended.code, scene.fake.written) == (0, [])
    assert "no environment is touched" in ended.out


def test_the_newest_of_a_commit_decides(scene: Scene) -> None:
    scene.fake.deployments_ = {
        "prod": (Deployment("9", "prod", scene.base, DeploymentState.SUCCESS),)
    }
    scene.run(*RUNNING, occasion=Occasion.PUSH)
    assert [sha for sha, _ in states(scene)["prod"]] == [scene.head, scene.base]


@pytest.mark.parametrize(
    ("words", "occasion", "why"),
    [
        ((), Occasion.PULL_REQUEST, "not merged"),
        (("--pull", "7"), Occasion.OTHER, "not merged"),
        ((), Occasion.OTHER, "not known which commits"),
        ((), Occasion.LOCAL, "not known which commits"),
    ],
)
def test_where_nothing_was_merged(
    scene: Scene, words: tuple[str, ...], occasion: Occasion, why: str
) -> None:
    with pytest.raises(UsageError, match=why):
        scene.run(*RUNNING, *words, occasion=occasion)
    assert scene.fake.written == []
