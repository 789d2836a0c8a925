"""Runs that a stranger can start: they write nothing, and nothing of the stranger's is executed."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from msgspec.structs import replace

from gitops_ci.cli import wire
from gitops_ci.cli.parser import inputs_of, parse
from gitops_ci.model.errors import UsageError
from gitops_ci.output.sink import Sink
from gitops_ci.steps.context import Forge, Occasion, RunContext
from tests.support.command import gitops_ci
from tests.support.fake_service import FakeService, OneService, pull_request
from tests.support.repository import Repository
from tests.unit.promote.build import images
from tests.unit.promote.places import THREE

TARGET = {"GITHUB_EVENT_NAME": "pull_request_target"}
PATHS = {env: f"apps/web/overlays/{env}/kustomization.yaml" for env in ("dev", "staging", "prod")}
OBJECT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: shop/web}]}
"""
WRITING = (
    ("bump", "shop/web:9.9.9", "--pr"),
    ("promote", "--to", "staging", "--pr"),
    ("rollback", "--env", "prod", "--app", "web", "--pr"),
    ("hold", "--env", "prod", "--app", "web", "--reason", "x", "--pr"),
    ("unhold", "--env", "prod", "--app", "web", "--pr"),
    ("freeze", "--env", "prod", "--reason", "x", "--pr"),
    ("unfreeze", "--env", "prod", "--pr"),
    ("gate", "--set-status", "main..main"),
    ("report", "report.json"),
)


@pytest.fixture
def shop(repository: Repository) -> Repository:
    versions = {"dev": "1.2.0", "staging": "1.1.0", "prod": "1.1.0"}
    files = {PATHS[env]: images("shop/web", version) for env, version in versions.items()}
    files |= {
        "apps/web/base/kustomization.yaml": "resources: [web.yaml]\n",
        "apps/web/base/web.yaml": OBJECT,
    }
    gates = "gates: {prod: {soak: 1h}}\npr: {automerge: true}\n"
    repository.commit({".gitops-ci.yaml": THREE + gates, **files})
    return repository


@pytest.mark.parametrize("words", WRITING, ids=lambda words: words[0])
def test_what_writes_does_not_run_on_pull_request_target(
    shop: Repository, words: tuple[str, ...]
) -> None:
    before = shop.git("for-each-ref"), shop.git("status", "--porcelain")
    ended = gitops_ci(shop.root, *words, environ=TARGET)
    assert ended.code == 2, ended
    assert f"{words[0]}" in ended.err
    assert "does not run on pull_request_target" in ended.err
    assert "run it on push, schedule or workflow_dispatch" in ended.err
    assert (shop.git("for-each-ref"), shop.git("status", "--porcelain")) == before


@pytest.mark.parametrize(("name", "expected"), [("gate", 1), ("check", 0)])
def test_a_pull_request_from_a_fork_writes_nothing(
    shop: Repository, name: str, expected: int, tmp_path: Path
) -> None:
    base = shop.git("rev-parse", "HEAD")
    mark = tmp_path / "executed"
    shop.git("checkout", "--quiet", "-b", "topic")
    generator = "generators: [run.yaml]\nvalidators: [run.yaml]\n"
    hostile = {
        PATHS["prod"]: images("shop/web", "1.2.0") + generator,
        "apps/web/overlays/prod/run.yaml": (
            "apiVersion: v1\nkind: Run\nmetadata:\n  name: run\n  annotations:\n"
            "    config.kubernetes.io/function: |\n      exec: {path: ./run.sh}\n"
        ),
        "apps/web/overlays/prod/run.sh": f"#!/bin/sh\ntouch {mark}\n",
        ".gitops-ci.yaml": THREE + "pr: {automerge: true}\n",
        ".git-hooks/post-checkout": f"#!/bin/sh\ntouch {mark}\n",
    }
    head = shop.commit(hostile)
    (shop.root / "apps/web/overlays/prod/run.sh").chmod(0o755)
    fake = FakeService()
    fake.pull_ = replace(pull_request(head_sha=head), fork=True, base_sha=base)
    fake.tips = {"main": base}
    out, err = io.BytesIO(), io.BytesIO()
    command = parse(["-C", str(shop.root), name])
    context = RunContext(
        Forge.GITHUB, Occasion.PULL_REQUEST, base, head, pull_request=7, fork=True, run=(1, 1)
    )
    world = wire.world(command, Sink(out, err), {})
    world = replace(world, context=context, forges=OneService(fake))
    code = command.entry.load().run(inputs_of(command.entry, command.given), world)
    assert code == expected, out.getvalue()
    assert fake.written == []
    assert not mark.exists()


@pytest.mark.parametrize("words", WRITING[:-1], ids=lambda words: words[0])
def test_what_writes_does_not_run_for_a_fork(shop: Repository, words: tuple[str, ...]) -> None:
    fake = FakeService()
    command = parse(["-C", str(shop.root), *words])
    world = wire.world(command, Sink(io.BytesIO(), io.BytesIO()), {})
    context = RunContext(Forge.GITHUB, Occasion.PULL_REQUEST, pull_request=7, fork=True)
    world = replace(world, context=context, forges=OneService(fake))
    with pytest.raises(UsageError, match="from a fork"):
        command.entry.load().run(inputs_of(command.entry, command.given), world)
    assert fake.written == []
