"""The JSON that a fake GitLab shows."""

from __future__ import annotations

from typing import Any

from tests.support.fake_gitlab.state import PROJECT, Request, State

_WEB = "https://gitlab.test"


def user(state: State, name: str) -> dict[str, Any]:
    return {
        "id": state.users.setdefault(name, 100 + len(state.users)),
        "username": name,
        "name": name,
        "state": "active",
        "locked": False,
        "avatar_url": None,
        "web_url": f"{_WEB}/{name}",
    }


def project() -> dict[str, Any]:
    return {
        "id": 7,
        "path_with_namespace": PROJECT,
        "default_branch": "main",
        "web_url": f"{_WEB}/{PROJECT}",
        "visibility": "private",
        "merge_method": "merge",
        "squash_option": "default_off",
        "remove_source_branch_after_merge": True,
        "only_allow_merge_if_pipeline_succeeds": True,
        "allow_merge_on_skipped_pipeline": False,
        "only_allow_merge_if_all_discussions_are_resolved": True,
    }


def commit(state: State, sha: str) -> dict[str, Any]:
    name, email, when = state.bare.git("log", "-1", "--format=%an%x00%ae%x00%cI", sha).split("\0")
    message = state.bare.message(sha)
    return {
        "id": sha,
        "short_id": sha[:8],
        "created_at": when,
        "parent_ids": state.bare.parents(sha),
        "title": message.split("\n")[0],
        "message": message,
        "author_name": name,
        "author_email": email,
        "authored_date": when,
        "committer_name": name,
        "committer_email": email,
        "committed_date": when,
        "web_url": f"{_WEB}/{PROJECT}/-/commit/{sha}",
    }


def branch(state: State, name: str, sha: str) -> dict[str, Any]:
    return {
        "name": name,
        "commit": commit(state, sha),
        "merged": False,
        "protected": name == "main",
        "developers_can_push": False,
        "developers_can_merge": False,
        "can_push": True,
        "default": name == "main",
        "web_url": f"{_WEB}/{PROJECT}/-/tree/{name}",
    }


def request(state: State, item: Request, status: str = "unchecked") -> dict[str, Any]:
    base = state.bare.tip(item.target)
    return {
        "id": 1000 + item.iid,
        "iid": item.iid,
        "project_id": 7,
        "title": item.title,
        "description": item.description,
        "state": item.state,
        "created_at": item.created,
        "updated_at": item.updated,
        "merged_by": None,
        "merged_at": item.updated if item.state == "merged" else None,
        "closed_by": user(state, item.closed_by) if item.closed_by else None,
        "closed_at": item.updated if item.state == "closed" else None,
        "target_branch": item.target,
        "source_branch": item.source,
        "upvotes": 0,
        "downvotes": 0,
        "author": user(state, item.author),
        "assignees": [],
        "assignee": None,
        "reviewers": [user(state, name) for name in item.reviewers],
        "source_project_id": 7,
        "target_project_id": 7,
        "labels": item.labels,
        "draft": item.title.startswith("Draft:"),
        "work_in_progress": item.title.startswith("Draft:"),
        "milestone": None,
        "merge_when_pipeline_succeeds": item.auto,
        "merge_status": "can_be_merged" if status == "mergeable" else "unchecked",
        "detailed_merge_status": status,
        "sha": item.sha,
        "merge_commit_sha": item.merged or None,
        "squash_commit_sha": None,
        "web_url": f"{_WEB}/{PROJECT}/-/merge_requests/{item.iid}",
        "diff_refs": {"base_sha": base, "head_sha": item.sha, "start_sha": base},
    }


def note(state: State, item: dict[str, Any]) -> dict[str, Any]:
    shown = {
        "id": item["id"],
        "type": "DiffNote" if item.get("position") else None,
        "body": item["body"],
        "author": user(state, item["author"]),
        "created_at": item["at"],
        "updated_at": item["at"],
        "system": item.get("system", False),
        "noteable_id": 1000 + item["iid"],
        "noteable_iid": item["iid"],
        "noteable_type": "MergeRequest",
        "resolvable": bool(item.get("position")),
    }
    if item.get("position"):
        shown |= {"position": item["position"], "resolved": item["resolved"]}
        shown["resolved_by"] = user(state, item["resolver"]) if item["resolver"] else None
    return shown


def status(state: State, item: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": item["id"],
        "sha": item["sha"],
        "ref": "main",
        "status": item["status"],
        "name": item["name"],
        "target_url": item["target_url"],
        "description": item["description"],
        "created_at": item["at"],
        "started_at": None,
        "finished_at": None,
        "allow_failure": item.get("allow_failure", False),
        "coverage": None,
        "pipeline_id": 1,
        "author": user(state, item["by"]),
    }


def push(state: State, sha: str, branch: str, by: str) -> dict[str, Any]:
    """An event."""
    return {
        "id": 1, "project_id": 7, "action_name": "pushed to", "target_id": None,
        "target_iid": None, "target_type": None, "target_title": None, "author_id": 1,
        "created_at": state.now(), "author": user(state, by), "author_username": by,
        "push_data": {
            "commit_count": 1, "action": "pushed", "ref_type": "branch", "commit_from": None,
            "commit_to": sha, "ref": branch, "commit_title": "x", "ref_count": None,
        },
    }  # fmt: skip


def deployment(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": item["id"],
        "iid": item["id"],
        "ref": item["sha"],
        "sha": item["sha"],
        "created_at": item["at"],
        "updated_at": item["at"],
        "status": item["status"],
        "environment": {
            "id": 1,
            "name": item["environment"],
            "slug": item["environment"],
            "external_url": None,
        },
    }
