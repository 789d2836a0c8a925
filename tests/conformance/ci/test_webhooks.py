"""The payloads that GitHub publishes as examples, of every event, as contexts of a run."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from gitops_ci.cli.ci import context_of
from gitops_ci.steps.context import Forge, Occasion
from tests.support.node import require_node

pytestmark = pytest.mark.full

FOLDERS = ("api.github.com", "ghes-35")
OCCASIONS = {
    "pull_request": Occasion.PULL_REQUEST,
    "pull_request_review": Occasion.PULL_REQUEST,
    "merge_group": Occasion.MERGE_GROUP,
    "push": Occasion.PUSH,
}
"""Every other event is some other occasion."""
HEAD = "e" * 40


def examples(folder: str) -> list[tuple[str, Any]]:
    """Name and payload of every example."""
    path = require_node().package("@octokit/webhooks-examples", folder, "index.json")
    events = json.loads(path.read_text("utf-8"))
    return [(event["name"], example) for event in events for example in event["examples"]]


def reading(payload: Any) -> Callable[[str], str]:
    """Whatever file is asked for holds `payload`."""
    return lambda path: json.dumps(payload)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_example_has_its_occasion(folder: str) -> None:
    seen = set()
    for name, payload in examples(folder):
        environ = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": "event.json",
            "GITHUB_SHA": HEAD,
            "GITHUB_REPOSITORY": payload.get("repository", {}).get("full_name", "a/b"),
        }
        context = context_of(environ, reading(payload))
        seen.add(name)
        assert (context.forge, context.problem) == (Forge.GITHUB, ""), name
        assert context.occasion is OCCASIONS.get(name, Occasion.OTHER), name
        if name == "pull_request":
            pull = payload["pull_request"]
            told = (context.pull_request, context.base, context.head)
            assert told == (pull["number"], pull["base"]["sha"], pull["head"]["sha"])
            same = pull["head"]["repo"]["full_name"] == pull["base"]["repo"]["full_name"]
            assert context.fork is not same
        elif name == "merge_group":
            assert context.base == payload["merge_group"]["base_sha"]
        elif name == "push":
            assert context.base == payload["before"].replace("0" * 40, "")
    assert set(OCCASIONS) - {"merge_group"} <= seen
    assert len(seen) > 30


def test_another_payload_than_the_event_says_is_no_crash() -> None:
    """What an event file holds is not what the runner's variables promise: still a context."""
    for _, payload in examples(FOLDERS[0]):
        for name in OCCASIONS:
            environ = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": name}
            context = context_of(environ, reading(payload))
            assert context.occasion is OCCASIONS[name]
