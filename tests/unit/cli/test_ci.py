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
     RunContext(Forge.GITHUB, Occasion.PULL_REQUEST, "origin/main", "head0", branch="main")),
    ("pull request, nothing known", {**GITHUB, "GITHUB_EVENT_NAME": "pull_request"}, {},
     RunContext(Forge.GITHUB, Occasion.PULL_REQUEST, "", "head0",
                "the CI system names no base commit")),
    ("pull_request_target", {**GITHUB, "GITHUB_EVENT_NAME": "pull_request_target"}, PULL,
     RunContext(Forge.GITHUB, Occasion.PULL_REQUEST, "b1", "h1")),
    ("pull request of a fork",
     {**GITHUB, "GITHUB_EVENT_NAME": "pull_request", "GITHUB_REPOSITORY": "org/shop"},
     {"pull_request": {"number": 7, "base": {"sha": "b1"},
                       "head": {"sha": "h1", "repo": {"full_name": "ann/shop"}}}},
     RunContext(Forge.GITHUB, Occasion.PULL_REQUEST, "b1", "h1", pull_request=7, fork=True)),
    ("merge queue", {**GITHUB, "GITHUB_EVENT_NAME": "merge_group"},
     {"merge_group": {"base_sha": "b2"}},
     RunContext(Forge.GITHUB, Occasion.MERGE_GROUP, "b2", "head0")),
    ("push", {**GITHUB, "GITHUB_EVENT_NAME": "push"}, {"before": "p"},
     RunContext(Forge.GITHUB, Occasion.PUSH, "p", "head0")),
    ("first push of a branch", {**GITHUB, "GITHUB_EVENT_NAME": "push"}, {"before": "0" * 40},
     RunContext(Forge.GITHUB, Occasion.PUSH, "", "head0")),
    ("push of a tag",
     {**GITHUB, "GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/tags/v1"},
     {"before": "0" * 40, "ref": "refs/tags/v1"},
     RunContext(Forge.GITHUB, Occasion.PUSH, "", "head0")),
    ("by a button", {**GITHUB, "GITHUB_EVENT_NAME": "workflow_dispatch"}, {"inputs": {}},
     RunContext(Forge.GITHUB, Occasion.OTHER, "", "head0")),
    ("after the run of a fork",
     {**GITHUB, "GITHUB_EVENT_NAME": "workflow_run", "GITHUB_REPOSITORY": "org/shop"},
     {"workflow_run": {"head_sha": "h1", "pull_requests": [],
                       "head_repository": {"full_name": "ann/shop"}}},
     RunContext(Forge.GITHUB, Occasion.OTHER, "", "head0")),
    ("a comment on a pull request", {**GITHUB, "GITHUB_EVENT_NAME": "issue_comment"},
     {"issue": {"number": 7, "pull_request": {}}, "comment": {"body": "/promote"}},
     RunContext(Forge.GITHUB, Occasion.OTHER, "", "head0")),
    ("schedule", {**GITHUB, "GITHUB_EVENT_NAME": "schedule"}, {},
     RunContext(Forge.GITHUB, Occasion.OTHER, "", "head0")),
    ("merge request", {**MERGE_REQUEST, "CI_MERGE_REQUEST_DIFF_BASE_SHA": "b"}, {},
     RunContext(Forge.GITLAB, Occasion.PULL_REQUEST, "b", "h")),
    ("merge request, base empty",
     {**MERGE_REQUEST, "CI_MERGE_REQUEST_DIFF_BASE_SHA": "",
      "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}, {},
     RunContext(Forge.GITLAB, Occasion.PULL_REQUEST, "origin/main", "h", branch="main")),
    ("merge request, its own head",
     {**MERGE_REQUEST, "CI_MERGE_REQUEST_DIFF_BASE_SHA": "b", "CI_MERGE_REQUEST_IID": "7",
      "CI_MERGE_REQUEST_EVENT_TYPE": "detached", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": ""}, {},
     RunContext(Forge.GITLAB, Occasion.PULL_REQUEST, "b", "h", pull_request=7)),
    ("merged result",
     {**MERGE_REQUEST, "CI_MERGE_REQUEST_DIFF_BASE_SHA": "b",
      "CI_MERGE_REQUEST_EVENT_TYPE": "merged_result", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "s"},
     {}, RunContext(Forge.GITLAB, Occasion.PULL_REQUEST, "b", "s")),
    ("merge train",
     {**MERGE_REQUEST, "CI_MERGE_REQUEST_DIFF_BASE_SHA": "b",
      "CI_MERGE_REQUEST_EVENT_TYPE": "merge_train", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "s"},
     {}, RunContext(Forge.GITLAB, Occasion.PULL_REQUEST, "b", "s")),
    ("merge request of a fork",
     {**MERGE_REQUEST, "CI_MERGE_REQUEST_DIFF_BASE_SHA": "b", "CI_MERGE_REQUEST_PROJECT_ID": "1",
      "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "2"}, {},
     RunContext(Forge.GITLAB, Occasion.PULL_REQUEST, "b", "h", fork=True)),
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


BRANCHES = [
    ({**GITHUB, "GITHUB_EVENT_NAME": "push"}, {"ref": "refs/heads/env/prod"}, "env/prod"),
    ({**GITHUB, "GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/heads/main"}, {}, "main"),
    ({**GITHUB, "GITHUB_EVENT_NAME": "push"}, {"ref": "refs/tags/main"}, ""),
    ({**GITHUB, "GITHUB_EVENT_NAME": "push"}, {"ref": ["refs/heads/main"]}, ""),
    ({**GITHUB, "GITHUB_EVENT_NAME": "pull_request"},
     {"pull_request": {"base": {"ref": "env/prod"}}}, "env/prod"),
    ({**GITHUB, "GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main"}, {}, "main"),
    ({**GITHUB, "GITHUB_EVENT_NAME": "merge_group"},
     {"merge_group": {"base_ref": "refs/heads/main"}}, "main"),
    ({**GITHUB, "GITHUB_EVENT_NAME": "workflow_dispatch", "GITHUB_REF": "refs/heads/x"},
     {"ref": "refs/heads/x"}, ""),
    ({"GITLAB_CI": "true", "CI_COMMIT_BRANCH": "env/prod"}, {}, "env/prod"),
    ({"GITLAB_CI": "true", "CI_COMMIT_TAG": "v1", "CI_COMMIT_REF_NAME": "v1"}, {}, ""),
    ({"GITLAB_CI": "true", "CI_PIPELINE_SOURCE": "schedule", "CI_COMMIT_BRANCH": "main"}, {}, ""),
    ({**MERGE_REQUEST, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "env/prod"}, {}, "env/prod"),
    ({}, {"ref": "refs/heads/main"}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("environ", "event", "branch"), BRANCHES)
def test_branches(environ: dict[str, str], event: object, branch: str) -> None:
    assert context_of(environ, lambda path: json.dumps(event)).branch == branch


DEFAULTS = [
    ({**GITHUB, "GITHUB_EVENT_NAME": "push"}, {"repository": {"default_branch": "trunk"}}, "trunk"),
    ({**GITHUB, "GITHUB_EVENT_NAME": "push"}, {"repository": "trunk"}, ""),
    ({"GITLAB_CI": "true", "CI_DEFAULT_BRANCH": "trunk"}, {}, "trunk"),
    ({}, {"repository": {"default_branch": "trunk"}}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("environ", "event", "branch"), DEFAULTS)
def test_default_branches(environ: dict[str, str], event: object, branch: str) -> None:
    assert context_of(environ, lambda path: json.dumps(event)).default_branch == branch


TITLES = [
    ({**GITHUB, "GITHUB_EVENT_NAME": "pull_request"},
     {"pull_request": {**PULL["pull_request"], "title": "fix: a"}}, "fix: a"),
    ({**GITHUB, "GITHUB_EVENT_NAME": "pull_request"}, {"pull_request": {"title": ["x"]}}, ""),
    ({**GITHUB, "GITHUB_EVENT_NAME": "push"}, {"pull_request": {"title": "fix: a"}}, ""),
    ({**MERGE_REQUEST, "CI_MERGE_REQUEST_TITLE": "Draft: fix: a"}, {}, "Draft: fix: a"),
]  # fmt: skip


@pytest.mark.parametrize(("environ", "event", "title"), TITLES)
def test_titles(environ: dict[str, str], event: object, title: str) -> None:
    assert context_of(environ, lambda path: json.dumps(event)).title == title
