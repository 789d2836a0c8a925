"""What a large pull request costs in calls: 300 files, 30 findings, the real clients.

Beyond this a job's token runs out: GitHub grants the token of a workflow 1,000 calls an hour and
repository (docs.github.com, "Rate limits for the REST API").
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.command import Ended, gitops_ci
from tests.support.fake_github import bodies
from tests.support.fake_github.fake import TOKEN
from tests.support.fake_github.state import REPOSITORY, Pull
from tests.support.fake_gitlab.state import PROJECT, Request
from tests.support.forges.calls import Call
from tests.support.forges.places import Place, github, gitlab

pytestmark = pytest.mark.full

FILES, FINDINGS = 300, 30
MOST_READS, MOST_WRITES = 15, 3
MANIFEST = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings-{number}
  namespace: shop
{data}:
  round: "{round}"
"""
WAYS = {
    "check": [["check"]],
    "report": [
        ["check", "--publish", "never", "--output", "json=reports/check.json"],
        ["report", "reports"],
    ],
}
"""The commands of a run whose parts are published, in one job or in a last one."""


def manifests(round_: int, bad: int = 0) -> dict[str, str]:
    return {
        f"apps/settings-{number}.yaml": MANIFEST.format(
            number=number, round=round_, data="dta" if number < bad else "data"
        )
        for number in range(FILES)
    }


class Change:
    """A pull request on `place` that touches every file and breaks some."""

    def __init__(self, place: Place, scratch: Path) -> None:
        self.place, self._scratch, self._runs = place, scratch, 0
        clone = place.clone
        self._base = clone.commit(manifests(1))
        clone.git("push", "--quiet", str(place.store.root), "main")
        clone.git("switch", "--quiet", "--create", "topic")
        self._head = clone.commit(manifests(2, FINDINGS))
        clone.git("push", "--quiet", str(place.store.root), "topic")

    def run(self, way: str) -> tuple[list[Ended], int, int]:
        """How the commands of a run on a fresh checkout ended, and its reads and writes."""
        self._runs += 1
        self.place.clone.git("clean", "-dffqx")
        calls: list[Call] = self.place.fake.server.calls
        calls.clear()
        environ = self._github() if hasattr(self.place.fake.state, "pulls") else self._gitlab()
        ended = [gitops_ci(self.place.clone.root, *words, environ=environ) for words in WAYS[way]]
        writes = sum(is_write(call) for call in calls)
        return ended, len(calls) - writes, writes

    def _github(self) -> dict[str, str]:
        fake = self.place.fake
        if not fake.state.pulls:
            fake.state.open(Pull(1, "all", "", "ada", "topic", self._head, "main"))
        event = {"number": 1, "pull_request": bodies.pull(fake.state, fake.state.pulls[1])}
        (self._scratch / "event.json").write_text(json.dumps(event), "utf-8")
        return {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": fake.api,
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(self._scratch / "event.json"),
            "GITHUB_GRAPHQL_URL": fake.graphql,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": str(self._runs),
            "GITHUB_SERVER_URL": fake.pages,
            "GITHUB_SHA": self._head,
            "GITHUB_TOKEN": TOKEN,
        }

    def _gitlab(self) -> dict[str, str]:
        fake = self.place.fake
        if not fake.state.requests:
            fake.state.open(Request(1, "all", "", "ada", "topic", self._head, "main"))
        return {
            "CI_COMMIT_SHA": self._head,
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": self._base,
            "CI_MERGE_REQUEST_IID": "1",
            "CI_PIPELINE_ID": str(self._runs),
            "CI_PIPELINE_SOURCE": "merge_request_event",
            "CI_PROJECT_PATH": PROJECT,
            "CI_SERVER_URL": fake.pages,
            "GITLAB_CI": "true",
            "GITLAB_TOKEN": TOKEN,
        }


def is_write(call: Call) -> bool:
    query = call.path == "/graphql" and call.body["query"].lstrip().startswith("query")
    return call.method != "GET" and not query


@pytest.fixture(params=[github, gitlab], ids=["github", "gitlab"])
def change(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Change]:
    make: Callable[[Path], Place] = request.param
    place = make(tmp_path)
    yield Change(place, tmp_path)
    place.close()


@pytest.mark.parametrize("way", WAYS)
def test_a_large_change_keeps_to_its_budget(change: Change, way: str) -> None:
    ended, reads, writes = change.run(way)
    assert [one.code for one in ended] == [1] * len(ended), ended[-1].err
    assert (reads <= MOST_READS, writes <= MOST_WRITES) == (True, True), (reads, writes)
    state = change.place.fake.state
    if hasattr(state, "pulls"):
        remarks, comments = state.threads, state.comments
    else:
        remarks, comments = state.discussions, state.notes
    assert (len(remarks), len(comments)) == (FINDINGS, 1)

    ended, reads, writes = change.run(way)
    assert [one.code for one in ended] == [1] * len(ended)
    assert (reads <= MOST_READS, writes) == (True, 0), (reads, writes)
