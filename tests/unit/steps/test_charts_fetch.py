"""`charts fetch` on small repositories, with a helm that gives archives of the test's own."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from msgspec.structs import replace

from gitops_ci.cli.parser import parse
from gitops_ci.cli.wire import world
from gitops_ci.model.errors import UsageError
from gitops_ci.output.sink import Sink
from gitops_ci.render.fetched.lock import PATH
from gitops_ci.render.programs import Programs
from gitops_ci.steps.charts_fetch import Inputs, run
from tests.support.command import Ended
from tests.support.remote import helm_that_gives, packed
from tests.support.rendering import FakePrograms
from tests.support.repository import Repository

CHART = packed({"Chart.yaml": "name: redis\nversion: 1.0.0\n"})
NEWER = packed({"Chart.yaml": "name: redis\nversion: 1.1.0\n"})
PRINTED = """\
---
# Source: redis/templates/app.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: inner}
spec: {source: {repoURL: https://charts.example.com, chart: inner, targetRevision: 2.0.0}}
"""
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: cache}
spec:
  source:
    repoURL: https://charts.example.com
    chart: redis
    targetRevision: %s
"""


def _fetch(root: Path, programs: Programs, inputs: Inputs | None = None) -> Ended:
    out, err = io.BytesIO(), io.BytesIO()
    command = parse(["-C", str(root), "charts", "fetch"])
    environ = {"XDG_CACHE_HOME": str(root.parent / "cache")}
    around = replace(world(command, Sink(out, err), environ), programs=programs)
    code = run(inputs or Inputs(), around)
    return Ended(code, out.getvalue().decode(), err.getvalue().decode())


def _helm(**more: bytes) -> FakePrograms:
    archives = {"redis 1.0.0": CHART, "redis ^1": NEWER}
    return FakePrograms({"helm": helm_that_gives({**archives, **more})})


@pytest.fixture
def root(repository: Repository) -> Path:
    repository.commit({"app.yaml": APPLICATION % "1.0.0"})
    return repository.root


def test_what_is_fetched_is_locked_and_is_there_the_next_time(root: Path) -> None:
    ended = _fetch(root, _helm())
    assert ended.code == 0
    assert ended.out == (
        "fetched chart 'redis' 1.0.0 of https://charts.example.com\n"
        "1 there, 1 of them new, 0 not to be had\n"
    )
    lock = (root / PATH).read_bytes()
    again = _fetch(root, FakePrograms())
    assert (again.code, again.out.splitlines()[-1]) == (
        0,
        "1 there, 0 of them new, 0 not to be had",
    )
    assert (root / PATH).read_bytes() == lock


def test_a_range_is_refused_with_its_line_unless_it_is_to_be_locked(root: Path) -> None:
    (root / "app.yaml").write_text(APPLICATION % "^1")
    ended = _fetch(root, _helm())
    assert ended.code == 1
    assert "app.yaml:8: chart 'redis' ^1 of https://charts.example.com: " in ended.err
    assert not (root / PATH).exists()
    ended = _fetch(root, _helm(), Inputs(update=True))
    assert ended.code == 0
    assert "fetched chart 'redis' ^1 of https://charts.example.com → 1.1.0\n" in ended.out
    assert 'resolved: "1.1.0"' in (root / PATH).read_text()


def test_what_a_fetched_chart_deploys_is_fetched_too(root: Path) -> None:
    inner = packed({"Chart.yaml": "name: inner\nversion: 2.0.0\n"})
    answer = helm_that_gives({"redis 1.0.0": CHART, "inner 2.0.0": inner}, PRINTED)
    ended = _fetch(root, FakePrograms({"helm": answer}))
    assert ended.code == 0
    assert "fetched chart 'inner' 2.0.0" in ended.out


def test_another_digest_is_an_error_and_the_lock_stays(root: Path) -> None:
    _fetch(root, _helm())
    lock = (root / PATH).read_bytes()
    for path in (root.parent / "cache").rglob("sha256/*"):
        path.unlink()
    helm = FakePrograms({"helm": helm_that_gives({"redis 1.0.0": NEWER})})
    ended = _fetch(root, helm)
    assert ended.code == 1
    assert "app.yaml:8: chart 'redis' 1.0.0" in ended.err
    assert "is locked" in ended.err
    assert (root / PATH).read_bytes() == lock


def test_a_chart_that_cannot_be_had_ends_with_its_own_code(root: Path) -> None:
    ended = _fetch(root, FakePrograms({"helm": helm_that_gives({})}))
    assert ended.code == 4
    assert "not found" in ended.err


def test_a_lock_that_nothing_needs_is_removed(root: Path) -> None:
    _fetch(root, _helm())
    (root / "app.yaml").unlink()
    ended = _fetch(root, _helm())
    assert (ended.code, ended.out) == (0, "0 there, 0 of them new, 0 not to be had\n")
    assert not (root / PATH).exists()


def test_a_broken_lock_and_a_missing_file_are_usage_errors(root: Path) -> None:
    with pytest.raises(UsageError, match="is not a file"):
        _fetch(root, _helm(), Inputs(registry_config="nowhere.json"))
    (root / PATH).parent.mkdir()
    (root / PATH).write_text("fetched: [")
    with pytest.raises(UsageError, match="is not a lock file"):
        _fetch(root, _helm())


def test_passwords_are_given_when_they_are_named(root: Path) -> None:
    config = root.parent / "registry.json"
    config.write_text("{}")
    programs = _helm()
    _fetch(root, programs, Inputs(registry_config=str(config)))
    assert f"--registry-config={config}" in programs.calls[0][0]
