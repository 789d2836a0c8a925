"""Which forge a run speaks to, and what it may do there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from gitops_ci.cli.ci import context_of
from gitops_ci.cli.forges import RealForges, graphql_of, place_of
from gitops_ci.model.errors import UsageError
from tests.support.command import gitops_ci
from tests.support.forges.places import github
from tests.support.repository import Repository

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers: [{name: main, image: "shop/web:1.0.0"}]
"""


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://github.com/org/shop.git", ("github.com", "org/shop")),
        ("ssh://git@gitlab.test:22/group/part/shop.git", ("gitlab.test", "group/part/shop")),
        ("git@github.com:org/shop.git", ("github.com", "org/shop")),
        ("/a/folder", ("", "")),
        ("", ("", "")),
    ],
)
def test_the_place_of_a_remote(url: str, place: tuple[str, str]) -> None:
    assert place_of(url) == place


@pytest.mark.parametrize(
    ("rest", "graphql"),
    [
        ("https://api.github.com", "https://api.github.com/graphql"),
        ("https://api.corp.ghe.com", "https://api.corp.ghe.com/graphql"),
        ("https://git.example/api/v3", "https://git.example/api/graphql"),
        ("https://git.example/sub/api/v3/", "https://git.example/sub/api/graphql"),
    ],
    ids=["github.com", "ghe.com", "enterprise", "below a path"],
)
def test_graphql_lies_beside_rest(rest: str, graphql: str) -> None:
    assert graphql_of(rest) == graphql


def variables(api: str, graphql: str, pages: str, **more: str) -> Mapping[str, str]:
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_REPOSITORY": "org/shop",
        "GITHUB_API_URL": api,
        "GITHUB_GRAPHQL_URL": graphql,
        "GITHUB_SERVER_URL": pages,
        "GITHUB_TOKEN": "token-1",
        **more,
    }


def test_bump_proposes_where_the_job_runs(tmp_path: Path) -> None:
    place = github(tmp_path)
    place.commit({"apps/web/dev/w.yaml": DEPLOYMENT})
    fake = place.fake
    environ = variables(fake.api, fake.graphql, fake.pages)
    words = ("bump", "shop/web:1.1.0", "--pr")
    ended = gitops_ci(place.clone.root, *words, environ=environ)
    assert ended.code == 0, ended.err
    assert "created: https://github.test/org/shop/pull/1" in ended.out
    branch = "gitops-ci/bump/dev/web"
    assert "shop/web:1.1.0" in place.file(branch, "apps/web/dev/w.yaml")
    before = len(fake.server.api_calls)
    ended = gitops_ci(place.clone.root, *words, environ=environ)
    assert "unchanged" in ended.out
    calls = fake.server.api_calls[before:]
    assert len(calls) <= 6
    assert {call.method for call in calls} == {"GET"}
    assert place.clone.git("status", "--porcelain") == ""
    place.store.update([("refs/heads/main", place.tip(branch), place.base)])
    ended = gitops_ci(place.clone.root, *words, environ=environ)
    assert ended.code == 0, ended.err
    assert place.tip(branch) == ""
    place.close()


@pytest.mark.parametrize("event", ["pull_request_target", "pull_request"])
def test_changes_of_strangers_write_nothing(tmp_path: Path, event: str) -> None:
    place = github(tmp_path)
    place.commit({"apps/web/dev/w.yaml": DEPLOYMENT})
    (tmp_path / "event.json").write_text(
        '{"pull_request": {"number": 1, "base": {"sha": "x"}, "head": {"sha": "y", "repo": '
        '{"full_name": "stranger/shop"}}}}'
    )
    environ = variables(
        place.fake.api,
        place.fake.graphql,
        place.fake.pages,
        GITHUB_EVENT_NAME=event,
        GITHUB_EVENT_PATH=str(tmp_path / "event.json"),
    )
    words = ("bump", "shop/web:1.1.0", "--pr", "--forge", "github")
    ended = gitops_ci(place.clone.root, *words, environ=environ)
    wanted = "pull_request_target" if event.endswith("target") else "from a fork"
    assert (ended.code, wanted in ended.err) == (2, True)
    assert place.fake.server.calls == []
    place.close()


def forges(root: Path, environ: Mapping[str, str]) -> RealForges:
    from io import BytesIO

    from gitops_ci.cli.wire import SystemClock
    from gitops_ci.output.sink import Sink

    context = context_of(environ, lambda _: "{}")
    return RealForges(root, SystemClock(), environ, context, Sink(BytesIO(), BytesIO()))


def test_no_token_is_said(repository: Repository) -> None:
    with pytest.raises(UsageError, match="no token for the forge gitlab"):
        forges(repository.root, {}).open("gitlab")
    with pytest.raises(UsageError, match="no token for the forge github"):
        forges(repository.root, {"GITHUB_ACTIONS": "true"}).open("auto")
    assert forges(repository.root, {"GITHUB_TOKEN": "x"}).service() is None
    assert forges(repository.root, {}).open("auto").name == "local"


def test_gitlab_by_its_variables(repository: Repository) -> None:
    environ = {
        "GITLAB_CI": "true",
        "CI_JOB_TOKEN": "job",
        "CI_SERVER_URL": "https://gitlab.test/sub",
        "CI_PROJECT_PATH": "group/shop",
    }
    service = forges(repository.root, environ).service()
    assert service is not None
    assert (service.name, service.repository) == ("GitLab", "group/shop")
    repository.git("remote", "add", "origin", "git@gitlab.test:group/other.git")
    service = forges(repository.root, {"GITLAB_CI": "true", "GITLAB_TOKEN": "x"}).service()
    assert service is not None
    assert service.repository == "group/other"
