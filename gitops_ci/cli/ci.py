"""What GitHub Actions and GitLab CI tell about a run, as one RunContext.

Variables: docs.github.com "Variables reference" and "Events that trigger workflows";
docs.gitlab.com "Predefined CI/CD variables".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from msgspec.structs import replace

from gitops_ci.steps.context import Forge, Occasion, RunContext

_ZERO = "0" * 40
_HEADS = "refs/heads/"
_GITLAB_BRANCHES = {
    Occasion.PULL_REQUEST: "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
    Occasion.PUSH: "CI_COMMIT_BRANCH",
}
_ASKED = frozenset({"schedule", "trigger", "pipeline", "parent_pipeline", "api", "web", "chat"})
"""Sources of GitLab's pipelines that no push or merge request stands behind."""


def context_of(environ: Mapping[str, str], read: Callable[[str], str]) -> RunContext:
    """The context that `environ` describes. `read` returns the text of the event file and may
    raise OSError; a broken event is a `problem`, not an error."""
    if environ.get("GITHUB_ACTIONS") == "true":
        return _of_github(environ, read)
    if environ.get("GITLAB_CI") == "true":
        return _of_gitlab(environ)
    return RunContext()


def _of_github(environ: Mapping[str, str], read: Callable[[str], str]) -> RunContext:
    try:
        event = json.loads(read(environ.get("GITHUB_EVENT_PATH", "")))
        problem = ""
    except (OSError, ValueError) as error:
        event, problem = {}, f"the event file cannot be read: {error}"
    context = _github(environ, event, problem)
    repository = environ.get("GITHUB_REPOSITORY", "")
    head_repository = _text(event, "pull_request", "head", "repo", "full_name")
    judged = context.occasion is Occasion.PULL_REQUEST
    return replace(
        context,
        pull_request=_number(event, "pull_request", "number") if judged else 0,
        # a deleted fork has no name any more
        fork=judged and bool(repository) and head_repository.lower() != repository.lower(),
        run=(_count(environ, "GITHUB_RUN_ID"), _count(environ, "GITHUB_RUN_ATTEMPT")),
        blob=_blob(f"{environ.get('GITHUB_SERVER_URL', '')}/{repository}/blob", context.head),
        title=_text(event, "pull_request", "title") if judged else "",
        branch=_github_branch(environ, event, context.occasion),
        default_branch=_text(event, "repository", "default_branch"),
    )


def _of_gitlab(environ: Mapping[str, str]) -> RunContext:
    context = _gitlab(environ)
    source = environ.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "")
    judged = context.occasion is Occasion.PULL_REQUEST
    return replace(
        context,
        pull_request=_count(environ, "CI_MERGE_REQUEST_IID") if judged else 0,
        fork=judged and bool(source) and source != environ.get("CI_MERGE_REQUEST_PROJECT_ID", ""),
        run=(_count(environ, "CI_PIPELINE_ID"), _count(environ, "CI_JOB_ID")),
        blob=_blob(f"{environ.get('CI_PROJECT_URL', '')}/-/blob", context.head),
        title=environ.get("CI_MERGE_REQUEST_TITLE", "") if judged else "",
        branch=environ.get(_GITLAB_BRANCHES.get(context.occasion, ""), ""),
        default_branch=environ.get("CI_DEFAULT_BRANCH", ""),
    )


def _github_branch(environ: Mapping[str, str], event: Any, occasion: Occasion) -> str:
    """The branch that was pushed, or that the change wants to; empty for a tag."""
    if occasion is Occasion.PULL_REQUEST:
        return _text(event, "pull_request", "base", "ref") or environ.get("GITHUB_BASE_REF", "")
    ref = ""
    if occasion is Occasion.MERGE_GROUP:
        ref = _text(event, "merge_group", "base_ref")
    elif occasion is Occasion.PUSH:
        ref = _text(event, "ref") or environ.get("GITHUB_REF", "")
    return ref.removeprefix(_HEADS) if ref.startswith(_HEADS) else ""


def _blob(address: str, head: str) -> str:
    """The beginning of every file's address; empty outside of the web."""
    return f"{address}/{quote(head)}/" if address.startswith("http") and head else ""


def _count(environ: Mapping[str, str], name: str) -> int:
    text = environ.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 20 else 0


def _number(event: Any, *way: str) -> int:
    for step in way:
        event = event.get(step) if isinstance(event, dict) else None
    return event if isinstance(event, int) and not isinstance(event, bool) else 0


def _github(environ: Mapping[str, str], event: Any, problem: str) -> RunContext:
    name = environ.get("GITHUB_EVENT_NAME", "")
    head = environ.get("GITHUB_SHA", "")
    if name in ("pull_request", "pull_request_target", "pull_request_review"):
        base = _text(event, "pull_request", "base", "sha")
        base = base or _branch(environ.get("GITHUB_BASE_REF", ""))
        head = _text(event, "pull_request", "head", "sha") or head
        return _judging(Forge.GITHUB, Occasion.PULL_REQUEST, base, head, problem)
    if name == "merge_group":
        base = _text(event, "merge_group", "base_sha")
        return _judging(Forge.GITHUB, Occasion.MERGE_GROUP, base, head, problem)
    if name == "push":
        before = _text(event, "before")
        return RunContext(Forge.GITHUB, Occasion.PUSH, "" if before == _ZERO else before, head)
    return RunContext(Forge.GITHUB, Occasion.OTHER, "", head)


def _gitlab(environ: Mapping[str, str]) -> RunContext:
    # the pipeline of a merged result runs on a commit that is on no branch
    merged = environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "")
    head = merged or environ.get("CI_COMMIT_SHA", "")
    if environ.get("CI_PIPELINE_SOURCE") == "merge_request_event":
        base = environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA", "")
        base = base or _branch(environ.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", ""))
        return _judging(Forge.GITLAB, Occasion.PULL_REQUEST, base, head, "")
    if environ.get("CI_PIPELINE_SOURCE") in _ASKED:
        return RunContext(Forge.GITLAB, Occasion.OTHER, "", head)
    before = environ.get("CI_COMMIT_BEFORE_SHA", _ZERO)
    return RunContext(Forge.GITLAB, Occasion.PUSH, "" if before == _ZERO else before, head)


def _judging(forge: Forge, occasion: Occasion, base: str, head: str, problem: str) -> RunContext:
    if not base and not problem:
        problem = "the CI system names no base commit"
    return RunContext(forge, occasion, base, head, "" if base else problem)


def _branch(name: str) -> str:
    return f"origin/{name}" if name else ""


def _text(event: Any, *way: str) -> str:
    """The string at `way` in the event, or an empty one; the event is untrusted."""
    for step in way:
        event = event.get(step) if isinstance(event, dict) else None
    return event if isinstance(event, str) else ""
