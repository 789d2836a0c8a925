"""GitLab's JSON as facts."""

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
)

BEGINNING = datetime.fromtimestamp(0, UTC)
_STATES = {"opened": PullState.OPEN, "locked": PullState.OPEN, "merged": PullState.MERGED}
_CHECKS = {
    "success": CheckState.SUCCESS,
    "failed": CheckState.FAILURE,
    "canceled": CheckState.NEUTRAL,
    "skipped": CheckState.NEUTRAL,
    "manual": CheckState.NEUTRAL,
}


def moment(value: Any) -> datetime | None:
    """A time of the API; None when there is none."""
    return datetime.fromisoformat(value) if isinstance(value, str) and value else None


def username(account: Any) -> str:
    """The name of an account, empty for none."""
    return str(account.get("username") or "") if isinstance(account, Mapping) else ""


def merge_request(data: Any) -> PullRequest:
    """A merge request of the list or of its own page."""
    refs = data.get("diff_refs") or {}
    return PullRequest(
        number=int(data["iid"]),
        url=str(data["web_url"]),
        state=_STATES.get(str(data["state"]), PullState.CLOSED),
        title=str(data["title"]),
        body=str(data.get("description") or ""),
        author=username(data.get("author")),
        head=str(data["source_branch"]),
        head_sha=str(data.get("sha") or ""),
        base=str(data["target_branch"]),
        base_sha=str(refs.get("start_sha") or ""),
        draft=bool(data.get("draft")),
        fork=is_fork(data),
        labels=tuple(str(name) for name in data.get("labels") or ()),
        reviewers=tuple(username(person) for person in data.get("reviewers") or ()),
        closed_by=username(data.get("closed_by")),
        merge_sha=str(data.get("merge_commit_sha") or data.get("squash_commit_sha") or ""),
        created=moment(data.get("created_at")),
        updated=moment(data.get("updated_at")),
    )


def is_fork(data: Any) -> bool:
    """Whether the head of the merge request lies in another project."""
    return bool(data.get("source_project_id") != data.get("target_project_id"))


def commit(data: Any) -> PullCommit:
    """A commit; GitLab does not say which accounts its addresses belong to."""
    return PullCommit(
        str(data["id"]),
        "",
        "",
        str(data.get("author_email") or ""),
        str(data.get("message") or ""),
        moment(data.get("committed_date")) or BEGINNING,
    )


def diff(data: Any) -> PullFile:
    """A file of a merge request."""
    words = {"new_file": "added", "deleted_file": "removed", "renamed_file": "renamed"}
    status = next((word for key, word in words.items() if data.get(key)), "modified")
    hidden = data.get("too_large") or data.get("collapsed") or not data.get("diff")
    previous = str(data["old_path"]) if status == "renamed" else ""
    return PullFile(str(data["new_path"]), status, previous, None if hidden else str(data["diff"]))


def label_event(data: Any) -> LabelEvent:
    """A resource label event."""
    return LabelEvent(
        str((data.get("label") or {}).get("name", "")),
        username(data.get("user")),
        moment(data.get("created_at")) or BEGINNING,
        added=data.get("action") == "add",
    )


def status(data: Any) -> CheckRun:
    """A commit status or pipeline job; one that may fail gives no verdict when it does."""
    state = _CHECKS.get(str(data["status"]), CheckState.PENDING)
    if state is CheckState.FAILURE and data.get("allow_failure"):
        state = CheckState.NEUTRAL
    return CheckRun(
        str(data["name"]),
        state,
        str(data["sha"]),
        username(data.get("author")),
        str(data.get("target_url") or ""),
        moment(data.get("finished_at") or data.get("created_at")),
    )
