"""One version from an app's release to production and back, on both forges, with the real clients.

What people and other jobs read is compared with the pages beside this file: titles, texts and
fates of the proposals, commit statuses, messages of the merges.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from gitops_ci.cli import wire
from gitops_ci.cli.failure import reported
from gitops_ci.cli.parser import inputs_of, parse
from gitops_ci.forge.port import Forge, Service
from gitops_ci.output.sink import Sink
from gitops_ci.steps.context import Forge as Kind
from gitops_ci.steps.context import Occasion, RunContext
from tests.support.command import Ended
from tests.support.forges.places import Place, github, gitlab
from tests.unit.promote.build import deployment, images

PATHS = {env: f"apps/web/overlays/{env}/kustomization.yaml" for env in ("dev", "staging", "prod")}
BASE = {
    "apps/web/base/kustomization.yaml": "resources: [deployment.yaml]\n",
    "apps/web/base/deployment.yaml": deployment("shop/web"),
}
CONFIG = """\
version: 1
layouts: ["apps/{app}/overlays/{env}"]
environments:
  dev: {}
  staging: {from: [dev]}
  prod: {from: [staging]}
apps: {web: {images: ["docker.io/shop/web"], callers: ["release-bot"]}}
promote: {candidate: newest}
gates: {prod: {soak: 24h, approvals: {count: 1}, rollback: {approvals: {count: 0}}}}
pr: {automerge: true}
"""
BEGAN = datetime.fromtimestamp(1_700_000_000, UTC)
"""When the commits were made with which the story begins."""
DISPATCH = {"GITHUB_EVENT_NAME": "workflow_dispatch", "GITHUB_ACTOR": "release-bot"}
TRIGGER = {"CI_PIPELINE_SOURCE": "trigger", "GITLAB_USER_LOGIN": "release-bot"}


class OneForge:
    """The forges of a run that belongs to `place`."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def open(self, name: str, repository: str = "") -> Forge:
        return self._place.forge

    def service(self, repository: str = "") -> Service | None:
        return self._place.service


class Clock:
    time = BEGAN

    def now(self) -> datetime:
        return self.time


class Story:
    """The jobs of a repository on a forge, one after the other."""

    def __init__(self, place: Place) -> None:
        self.place, self.clock = place, Clock()
        self.kind = Kind.GITHUB if hasattr(place.fake.state, "pulls") else Kind.GITLAB
        self.outside = DISPATCH if self.kind is Kind.GITHUB else TRIGGER
        files = {PATHS[env]: images("shop/web", "1.0.0") for env in PATHS}
        place.commit({".gitops-ci.yaml": CONFIG, **BASE, **files})

    def run(self, *words: str, environ: dict[str, str] | None = None, number: int = 0) -> Ended:
        """A job on a fresh checkout of main."""
        self.clock.time += timedelta(minutes=1)
        self.place.store.when = f"{int(self.clock.time.timestamp())} +0000"
        clone = self.place.clone
        clone.git("fetch", "--quiet", "--update-head-ok", str(self.place.store.root), "+main:main")
        clone.git("reset", "--quiet", "--hard", "main")
        out, err = io.BytesIO(), io.BytesIO()
        sink = Sink(out, err)
        command = parse(["-C", str(clone.root), *words])
        occasion = Occasion.PULL_REQUEST if number else Occasion.OTHER
        world = replace(
            wire.world(command, sink, dict(environ or {})),
            context=RunContext(self.kind, occasion, pull_request=number),
            forges=OneForge(self.place),
            clock=self.clock,
            pause=lambda _seconds: None,
        )
        inputs = inputs_of(command.entry, command.given)
        code = reported(sink, list(words), lambda: command.entry.load().run(inputs, world))
        return Ended(code, out.getvalue().decode(), err.getvalue().decode())

    def version(self, environment: str) -> str:
        text = self.place.file("main", PATHS[environment])
        found = re.search(r"newTag: (\S+)", text)
        assert found
        return found[1].strip("\"'")

    def versions(self) -> tuple[str, ...]:
        return tuple(self.version(env) for env in PATHS)

    def approve(self, number: int, by: str) -> None:
        state = self.place.fake.state
        if self.kind is Kind.GITHUB:
            state.writers.add(by)
            state.reviews.append(
                {"id": 1, "number": number, "by": by, "state": "APPROVED", "at": state.now(),
                 "sha": state.pulls[number].head_sha}
            )  # fmt: skip
        else:
            state.developers.add(by)
            self.place.fake.rest.approve(number, by)

    def page(self) -> str:
        """What is left on the forge, for people to read."""
        state, store = self.place.fake.state, self.place.store
        pulls = state.pulls if self.kind is Kind.GITHUB else state.requests
        parts = []
        for number, pull in pulls.items():
            body = pull.body if self.kind is Kind.GITHUB else pull.description
            fate = "merged" if pull.merged else pull.state
            parts.append(f"=== {number} {fate}: {pull.title}\n\n{body}")
        messages = store.git("log", "--first-parent", "--reverse", "--format=--- %B", "main")
        text = "\n".join([*parts, *map(str, self.statuses()), messages])
        return re.sub(r"\b[0-9a-f]{40}\b", "COMMIT", text).rstrip() + "\n"

    def statuses(self) -> list[str]:
        said = []
        for item in self.place.fake.state.statuses:
            name = item.get("context") or item.get("name")
            state = item.get("state") or item.get("status")
            said.append(f"*** {name} {state}: {item.get('description')}")
        return said

    def writes(self) -> int:
        assert self.place.service is not None
        return self.place.service.writes


@pytest.fixture(
    params=[
        pytest.param(github, id="github"),
        pytest.param(gitlab, id="gitlab", marks=pytest.mark.full),
    ]
)
def story(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Story]:
    make: Callable[[Path], Place] = request.param
    place = make(tmp_path)
    yield Story(place)
    place.close()


def test_from_a_release_to_production_and_back(story: Story) -> None:
    refused = story.run("bump", "shop/web:1.1.0", "--env", "dev", "--pr", environ={
        **story.outside, "GITHUB_ACTOR": "mallory", "GITLAB_USER_LOGIN": "mallory"})  # fmt: skip
    assert (refused.code, story.writes()) == (1, 0)

    bumped = story.run("bump", "shop/web:1.1.0", "--env", "dev", "--pr", environ=story.outside)
    assert (bumped.code, story.versions()) == (0, ("1.1.0", "1.0.0", "1.0.0")), bumped

    first = story.run("promote", "--pr")
    assert (first.code, story.versions()) == (0, ("1.1.0", "1.1.0", "1.0.0")), first

    second = story.run("promote", "--pr")
    assert second.code == 0, second
    assert "3 waits: prod soak: " in second.out
    assert story.versions() == ("1.1.0", "1.1.0", "1.0.0")

    closed = story.run("gate", "--set-status", "--publish", "never", number=3)
    assert closed.code == 1, closed
    story.clock.time = BEGAN + timedelta(days=2)
    waiting = story.run("gate", "--set-status")
    assert (waiting.code, "0 of 1 approvals" in waiting.out) == (0, True), waiting
    story.approve(3, "bob")
    opened = story.run("gate", "--set-status")
    assert (opened.code, story.versions()) == (0, ("1.1.0", "1.1.0", "1.1.0")), opened

    back = story.run("rollback", "--env", "prod", "--app", "web", "--reason", "it broke", "--pr",
                     "--by", "Ann")  # fmt: skip
    assert (back.code, story.versions()) == (0, ("1.1.0", "1.1.0", "1.0.0")), back
    assert "it broke" in story.place.file("main", ".gitops-ci/holds.yaml")

    before = story.writes()
    story.run("promote", "--pr")  # removes what is left of merged branches
    again = story.run("promote", "--pr")
    assert (again.code, story.versions()) == (0, ("1.1.0", "1.1.0", "1.0.0")), again
    settled = story.writes()
    story.run("promote", "--pr")
    story.run("gate", "--set-status")
    assert (story.writes(), settled >= before) == (settled, True)

    expected = Path(__file__).parent / "story" / f"{story.kind.value}.md"
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        expected.write_text(story.page(), "utf-8")
    assert story.page() == expected.read_text("utf-8")


@pytest.mark.full
def test_what_was_merged_is_recorded_once(story: Story) -> None:
    story.run("bump", "shop/web:1.1.0", "--env", "dev", "--pr", environ=story.outside)
    words = ("gate", "HEAD~..HEAD", "--publish", "never", "--deployment")
    recorded = story.place.fake.state.deployments
    settled = 0
    for state in ("running", "success", "success", "running"):
        ended = story.run(*words, state)
        assert ended.code == 0, ended
        settled = settled or story.writes() * (state == "success")
    tip = story.place.tip("main")
    assert [(item["environment"], item["sha"]) for item in recorded] == [("dev", tip)]
    assert f"dev: {tip[:10]} is recorded as success" in ended.out
    assert story.writes() == settled
