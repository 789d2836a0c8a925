"""GitHub's JSON as facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from gitops_ci.model.check_run import CheckRun, CheckState
from gitops_ci.model.pull_request import (
    LabelEvent,
    PullCommit,
    PullFile,
    PullRequest,
    PullState,
    Review,
    Verdict,
)

_BEGINNING = datetime.fromtimestamp(0, UTC)
_VERDICTS = {
    "APPROVED": Verdict.APPROVED,
    "CHANGES_REQUESTED": Verdict.CHANGES_REQUESTED,
    "COMMENTED": Verdict.COMMENTED,
    "DISMISSED": Verdict.DISMISSED,
}
_NEUTRAL = frozenset({"neutral", "skipped", "cancelled", "stale"})
_STATUSES = {"success": CheckState.SUCCESS, "pending": CheckState.PENDING}


def moment(value: Any) -> datetime | None:
    """A time of the API; None when there is none."""
    return datetime.fromisoformat(value) if isinstance(value, str) and value else None


def login(account: Any) -> str:
    """The login of an account, empty for one that is gone."""
    return str(account.get("login") or "") if isinstance(account, Mapping) else ""


def pull_request(data: Any, repository: str) -> PullRequest:
    """A pull request of the list or of its own page."""
    merged = data.get("merged_at")
    state = PullState.MERGED if merged else PullState(data["state"])
    head, base = data["head"], data["base"]
    home = (head.get("repo") or {}).get("full_name", "")
    asked = [login(person) for person in data.get("requested_reviewers") or ()]
    teams = [f"{team['slug']}" for team in data.get("requested_teams") or ()]
    return PullRequest(
        number=int(data["number"]),
        url=str(data["html_url"]),
        state=state,
        title=str(data["title"]),
        body=str(data.get("body") or ""),
        author=login(data.get("user")),
        head=str(head["ref"]),
        head_sha=str(head["sha"]),
        base=str(base["ref"]),
        base_sha=str(base["sha"]),
        draft=bool(data.get("draft")),
        fork=home.lower() != repository.lower(),
        labels=tuple(str(label["name"]) for label in data.get("labels") or ()),
        reviewers=(*asked, *teams),
        merge_sha=str(data.get("merge_commit_sha") or "") if merged else "",
        created=moment(data.get("created_at")),
        updated=moment(data.get("updated_at")),
    )


def label_event(data: Any) -> LabelEvent:
    """A `labeled` or `unlabeled` event of an issue."""
    return LabelEvent(
        str((data.get("label") or {}).get("name", "")),
        login(data.get("actor")),
        moment(data.get("created_at")) or _BEGINNING,
        added=data.get("event") == "labeled",
    )


def pull_commit(data: Any) -> PullCommit:
    """A commit of a pull request."""
    commit = data["commit"]
    committer = commit.get("committer") or {}
    return PullCommit(
        str(data["sha"]),
        login(data.get("author")),
        login(data.get("committer")),
        str((commit.get("author") or {}).get("email") or ""),
        str(commit.get("message") or ""),
        moment(committer.get("date")) or _BEGINNING,
        verified=bool((commit.get("verification") or {}).get("verified")),
    )


def review(data: Any) -> Review:
    """A review; a pending one has no time."""
    return Review(
        login(data.get("user")),
        _VERDICTS.get(str(data.get("state")), Verdict.COMMENTED),
        str(data.get("commit_id") or ""),
        moment(data.get("submitted_at")) or _BEGINNING,
    )


def pull_file(data: Any) -> PullFile:
    """A file of a pull request."""
    status = str(data["status"])
    return PullFile(
        str(data["filename"]),
        status if status in ("added", "removed", "renamed") else "modified",
        str(data.get("previous_filename") or ""),
        data.get("patch"),
    )


def check_run(data: Any) -> CheckRun:
    """A check run."""
    state = CheckState.PENDING
    if data.get("status") == "completed":
        conclusion = str(data.get("conclusion"))
        state = CheckState.NEUTRAL if conclusion in _NEUTRAL else CheckState.FAILURE
        state = CheckState.SUCCESS if conclusion == "success" else state
    return CheckRun(
        str(data["name"]),
        state,
        str(data["head_sha"]),
        str((data.get("app") or {}).get("slug") or ""),
        str(data.get("html_url") or ""),
        moment(data.get("completed_at") or data.get("started_at")),
    )


def status(data: Any, sha: str) -> CheckRun:
    """A commit status."""
    return CheckRun(
        str(data["context"]),
        _STATUSES.get(str(data["state"]), CheckState.FAILURE),
        sha,
        login(data.get("creator")),
        str(data.get("target_url") or ""),
        moment(data.get("updated_at")),
    )
