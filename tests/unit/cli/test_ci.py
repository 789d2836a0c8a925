"""What the CI systems tell about a run."""

from __future__ import annotations

import json

import pytest

from gitops_ci.cli.ci import context_of
from gitops_ci.steps.context import Forge, Occasion, RunContext

GITHUB = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": "event.json", "GITHUB_SHA": "head0"}
PULL = {"pull_request": {"base": {"sha": "b1"}, "head": {"sha": "h1"}}}
MERGE_REQUEST = {
    "GITLAB_CI": "true",
    "CI_COMMIT_SHA": "h",
    "CI_PIPELINE_SOURCE": "merge_request_event",
}

CASES = [
    ("by hand", {}, {}, RunContext()),
    ("pull request", {**GITHUB, "GITHUB_EVENT_NAME": "pull_request"}, PULL,
     RunContext(Forge.GITHUB, Occasion.PULL_REQUEST, "b1", "h1")),
    ("pull request, odd payload",
     {**GITHUB, "GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main"},
     {"pull_request": ["x"]},
     RunContext(Forge.GITHUB, Occasion.PULL_REQUEST, "origin/main", "head0")),
    ("pull request, nothing known", {**GITHUB, "GITHUB_EVENT_NAME": "pull_request"}, {},
     RunContext(Forge.GITHUB, Occasion.PULL_REQUEST, "", "head0",
                "the CI system names no base commit")),
    ("merge queue", {**GITHUB, "GITHUB_EVENT_NAME": "merge_group"},
     {"merge_group": {"base_sha": "b2"}},
     RunContext(Forge.GITHUB, Occasion.MERGE_GROUP, "b2", "head0")),
    ("push", {**GITHUB, "GITHUB_EVENT_NAME": "push"}, {"before": "p"},
     RunContext(Forge.GITHUB, Occasion.PUSH, "p", "head0")),
    ("first push of a branch", {**GITHUB, "GITHUB_EVENT_NAME": "push"}, {"before": "0" * 40},
     RunContext(Forge.GITHUB, Occasion.PUSH, "", "head0")),
    ("schedule", {**GITHUB, "GITHUB_EVENT_NAME": "schedule"}, {},
     RunContext(Forge.GITHUB, Occasion.OTHER, "", "head0")),
    ("merge request", {**MERGE_REQUEST, "CI_MERGE_REQUEST_DIFF_BASE_SHA": "b"}, {},
     RunContext(Forge.GITLAB, Occasion.PULL_REQUEST, "b", "h")),
    ("merge request, base empty",
     {**MERGE_REQUEST, "CI_MERGE_REQUEST_DIFF_BASE_SHA": "",
      "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}, {},
     RunContext(Forge.GITLAB, Occasion.PULL_REQUEST, "origin/main", "h")),
    ("branch pipeline", {"GITLAB_CI": "true", "CI_COMMIT_SHA": "h", "CI_COMMIT_BEFORE_SHA": "p"},
     {}, RunContext(Forge.GITLAB, Occasion.PUSH, "p", "h")),
]  # fmt: skip


@pytest.mark.parametrize(("environ", "event", "expected"), [row[1:] for row in CASES],
                         ids=[row[0] for row in CASES])  # fmt: skip
def test_contexts(environ: dict[str, str], event: object, expected: RunContext) -> None:
    assert context_of(environ, lambda path: json.dumps(event)) == expected


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_a_broken_event_is_a_problem_not_a_crash(text: str) -> None:
    context = context_of({**GITHUB, "GITHUB_EVENT_NAME": "pull_request"}, lambda path: text)
    assert context.problem
    assert context.judges_a_change
