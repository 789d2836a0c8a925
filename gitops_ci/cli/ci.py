"""What GitHub Actions and GitLab CI tell about a run, as one RunContext.

Variables: docs.github.com "Variables reference" and "Events that trigger workflows";
docs.gitlab.com "Predefined CI/CD variables".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from gitops_ci.steps.context import Forge, Occasion, RunContext

_ZERO = "0" * 40


def context_of(environ: Mapping[str, str], read: Callable[[str], str]) -> RunContext:
    """The context that `environ` describes. `read` returns the text of the event file and may
    raise OSError; a broken event is a `problem`, not an error."""
    if environ.get("GITHUB_ACTIONS") == "true":
        return _github(environ, read)
    if environ.get("GITLAB_CI") == "true":
        return _gitlab(environ)
    return RunContext()


def _github(environ: Mapping[str, str], read: Callable[[str], str]) -> RunContext:
    name = environ.get("GITHUB_EVENT_NAME", "")
    head = environ.get("GITHUB_SHA", "")
    try:
        event = json.loads(read(environ.get("GITHUB_EVENT_PATH", "")))
    except (OSError, ValueError) as error:
        event = {}
        problem = f"the event file cannot be read: {error}"
    else:
        problem = ""
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
    head = environ.get("CI_COMMIT_SHA", "")
    if environ.get("CI_PIPELINE_SOURCE") == "merge_request_event":
        base = environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA", "")
        base = base or _branch(environ.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", ""))
        return _judging(Forge.GITLAB, Occasion.PULL_REQUEST, base, head, "")
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
