"""Checks on the commit that an image was built from: a registry of this machine, a forge in
memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gitops_ci.model.check_run import CheckRun, CheckState
from gitops_ci.model.forge_errors import NotFoundError
from tests.support.fake_service import FakeService
from tests.support.registry import Image, holding, image, served
from tests.support.repository import Repository
from tests.unit.steps.test_gate import OBJECT, Scene, place

REVISION = "c" * 40
SOURCE = "https://forge.example/org/web"
BOTH = ("linux/amd64", "linux/arm64")
GATE = "{checks: [{name: 'build {app}', on: image}]}"


def labels(source: Any = SOURCE, revision: Any = REVISION) -> Callable[[str], Any]:
    told = {"source": source, "revision": revision}
    found = {f"org.opencontainers.image.{key}": word for key, word in told.items() if word}
    return lambda _platform: found


@pytest.fixture
def app() -> FakeService:
    """The app's repository, with a green check on the commit."""
    made = FakeService(repository="org/web")
    made.checks_ = {REVISION: (CheckRun("build web", CheckState.SUCCESS, "ci"),)}
    return made


@pytest.fixture
def verdict(repository: Repository, app: FakeService) -> Callable[..., tuple[int, str]]:
    """Gives the exit code and the words on a change to prod that brings an image."""

    def judged(content: Image, config: str = "") -> tuple[int, str]:
        with served(holding("shop/web", "1.1.0", content)) as host:
            name = f"{host}/shop/web"
            scene = Scene(repository, GATE)
            scene.others = {"org/web": app, "org/other": FakeService(repository="org/other")}
            if config:
                text = repository.git("show", "main:.gitops-ci.yaml")
                repository.commit({".gitops-ci.yaml": f"{text}\n{config}\n"})
            text = f"images: [{{name: shop/web, newName: '{name}', newTag: 1.1.0}}]\n"
            kustomization = f"resources: [web.yaml]\n{text}"
            web = place("prod").replace("kustomization", "web")
            scene.change({place("prod"): kustomization, web: OBJECT})
            ended = scene.run()
            return ended.code, ended.out

    return judged


def test_a_green_check_of_the_commit(verdict: Callable[..., tuple[int, str]]) -> None:
    code, out = verdict(image("", BOTH, labels()))
    assert code == 0, out
    assert "build web of 127.0.0.1:" in out
    assert "1.1.0 is green" in out


def test_a_commit_without_it(verdict: Callable[..., tuple[int, str]], app: FakeService) -> None:
    app.checks_ = {"d" * 40: app.checks_[REVISION]}
    code, out = verdict(image("", (), labels()))
    assert code == 1
    assert "has not run on the commit that it was built from" in out


def test_the_configured_repository(verdict: Callable[..., tuple[int, str]]) -> None:
    config = 'apps: {web: {repository: "https://forge.example/org/{app}"}}'
    assert verdict(image("", (), labels("")), config)[0] == 0


@pytest.mark.parametrize(
    ("content", "config", "why"),
    [
        (image("", (), labels("https://forge.example/evil/web")), "", "no repository of org"),
        (image("", (), labels("https://elsewhere.example/org/web")), "", "no repository of org"),
        (image("", (), labels("")), "", "comes from nowhere"),
        (image("", (), labels(revision="main")), "", "no label org.opencontainers.image.revision"),
        (image("", (), labels(revision="")), "", "no label org.opencontainers.image.revision"),
        (image("", BOTH, lambda name: labels(revision=name)(name)), "", "do not come from one"),
        (image("", (), labels("https://forge.example/org/other")),
         'apps: {web: {repository: "https://forge.example/org/web"}}', "not from https"),
        (image("", (), labels()),
         'apps: {web: {repository: "https://elsewhere.example/org/web"}}', "not from https"),
    ],
)  # fmt: skip
def test_labels_that_are_not_believed(
    verdict: Callable[..., tuple[int, str]], content: Image, config: str, why: str
) -> None:
    code, out = verdict(content, config)
    assert code == 4, out
    assert why in out


def test_an_image_that_is_not_there(verdict: Callable[..., tuple[int, str]]) -> None:
    content = image("", (), labels())
    code, out = verdict(Image(content.top, content.media_type, (), ()))
    assert (code, "answers 404" in out) == (4, True)


def test_a_repository_that_cannot_be_read(
    verdict: Callable[..., tuple[int, str]], app: FakeService
) -> None:
    app.refuses = {"checks": NotFoundError("org/web cannot be read")}
    code, out = verdict(image("", (), labels()))
    assert (code, "org/web cannot be read" in out) == (4, True)
