"""The JSON that a fake GitHub shows; every required field of the vendor's document is there."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.support.fake_github.state import NAME, OWNER, REPOSITORY, Pull, State

_API = "https://api.github.test"
_WEB = "https://github.test"
_USER_URLS = (
    "avatar_url", "events_url", "followers_url", "following_url", "gists_url", "html_url",
    "organizations_url", "received_events_url", "repos_url", "starred_url", "subscriptions_url",
    "url",
)  # fmt: skip
_REPO_URLS = (
    "archive_url", "assignees_url", "blobs_url", "branches_url", "collaborators_url",
    "comments_url", "commits_url", "compare_url", "contents_url", "contributors_url",
    "deployments_url", "downloads_url", "events_url", "forks_url", "git_commits_url",
    "git_refs_url", "git_tags_url", "hooks_url", "html_url", "issue_comment_url",
    "issue_events_url", "issues_url", "keys_url", "labels_url", "languages_url", "merges_url",
    "milestones_url", "notifications_url", "pulls_url", "releases_url", "stargazers_url",
    "statuses_url", "subscribers_url", "subscription_url", "tags_url", "teams_url", "trees_url",
    "url", "clone_url", "git_url", "ssh_url", "svn_url",
)  # fmt: skip


def number_of(text: str) -> int:
    """An id that depends on nothing but the text."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:7], 16)


def user(login: str) -> dict[str, Any]:
    return {
        "login": login,
        "id": number_of(login),
        "node_id": f"U_{login}",
        "gravatar_id": "",
        "type": "Bot" if login.endswith("[bot]") else "User",
        "site_admin": False,
        **dict.fromkeys(_USER_URLS, f"{_WEB}/{login}"),
    }


def repository(state: State, full_name: str = REPOSITORY) -> dict[str, Any]:
    owner, _, name = full_name.partition("/")
    return {
        "id": number_of(full_name),
        "node_id": "R_1",
        "name": name,
        "full_name": full_name,
        "owner": user(owner),
        "private": True,
        "description": None,
        "fork": full_name != REPOSITORY,
        "language": None,
        "forks_count": 0,
        "forks": 0,
        "stargazers_count": 0,
        "watchers_count": 0,
        "watchers": 0,
        "size": 1,
        "default_branch": "main",
        "open_issues_count": 0,
        "open_issues": 0,
        "has_issues": True,
        "has_projects": False,
        "has_wiki": False,
        "has_pages": False,
        "has_downloads": False,
        "has_discussions": False,
        "archived": False,
        "disabled": False,
        "homepage": None,
        "license": None,
        "mirror_url": None,
        "network_count": 0,
        "subscribers_count": 0,
        "pushed_at": "2026-03-01T00:00:00Z",
        "created_at": "2026-03-01T00:00:00Z",
        "updated_at": "2026-03-01T00:00:00Z",
        "allow_auto_merge": state.allow_auto_merge,
        "allow_squash_merge": True,
        "allow_rebase_merge": True,
        "allow_merge_commit": True,
        "delete_branch_on_merge": False,
        "squash_merge_commit_message": "COMMIT_MESSAGES",
        **dict.fromkeys(_REPO_URLS, f"{_API}/repos/{full_name}"),
    }


def pull(state: State, item: Pull, *, whole: bool = True) -> dict[str, Any]:
    url = f"{_API}/repos/{REPOSITORY}/pulls/{item.number}"
    page = f"{_WEB}/{REPOSITORY}/pull/{item.number}"
    links = ("comments", "commits", "html", "issue", "review_comment", "review_comments", "self",
             "statuses")  # fmt: skip
    home = item.fork or REPOSITORY
    short = {
        "_links": {name: {"href": url} for name in links},
        "assignee": None,
        "assignees": [],
        "auto_merge": None,
        "author_association": "CONTRIBUTOR",
        "base": _end(state, item.base, state.bare.tip(item.base), REPOSITORY),
        "body": item.body,
        "closed_at": item.closed,
        "comments_url": url,
        "commits_url": url,
        "created_at": item.created,
        "diff_url": f"{page}.diff",
        "draft": item.draft,
        "head": _end(state, item.head, item.head_sha, home),
        "html_url": page,
        "id": number_of(url),
        "issue_url": url,
        "labels": [_label(name) for name in item.labels],
        "locked": False,
        "merge_commit_sha": item.merged or None,
        "merged_at": item.closed if item.merged else None,
        "milestone": None,
        "node_id": f"PR_{item.number}",
        "number": item.number,
        "patch_url": f"{page}.patch",
        "requested_reviewers": [user(name) for name in item.reviewers],
        "requested_teams": [],
        "review_comment_url": url,
        "review_comments_url": url,
        "state": item.state,
        "statuses_url": url,
        "title": item.title,
        "updated_at": item.updated,
        "url": url,
        "user": user(item.author),
    }
    if not whole:
        return short
    return {
        **short,
        "additions": 1,
        "changed_files": 1,
        "comments": 0,
        "commits": 1,
        "deletions": 1,
        "mergeable": None,
        "mergeable_state": "unknown",
        "merged": bool(item.merged),
        "maintainer_can_modify": False,
        "merged_by": user("ada") if item.merged else None,
        "rebaseable": None,
        "review_comments": 0,
    }


def _end(state: State, branch: str, sha: str, home: str) -> dict[str, Any]:
    owner = home.partition("/")[0]
    return {
        "label": f"{owner}:{branch}",
        "ref": branch,
        "repo": repository(state, home),
        "sha": sha,
        "user": user(owner),
    }


def _label(name: str) -> dict[str, Any]:
    return {
        "id": number_of(name),
        "node_id": f"L_{name}",
        "url": f"{_API}/labels/{name}",
        "name": name,
        "description": "",
        "color": "ededed",
        "default": False,
    }


def labels(names: list[str]) -> list[dict[str, Any]]:
    return [_label(name) for name in names]


def ref(branch: str, sha: str) -> dict[str, Any]:
    url = f"{_API}/repos/{REPOSITORY}/git/refs/heads/{branch}"
    return {
        "ref": f"refs/heads/{branch}",
        "node_id": f"REF_{branch}",
        "url": url,
        "object": {"type": "commit", "sha": sha, "url": url},
    }


def git_commit(state: State, sha: str) -> dict[str, Any]:
    url = f"{_API}/repos/{REPOSITORY}/git/commits/{sha}"
    who = {"date": "2026-03-01T00:00:00Z", "name": "Forge", "email": "noreply@forge.test"}
    return {
        "sha": sha,
        "node_id": f"C_{sha}",
        "url": url,
        "html_url": url,
        "author": who,
        "committer": who,
        "message": state.bare.message(sha),
        "tree": {"sha": state.bare.tree(sha), "url": url},
        "parents": [_parent(parent) for parent in state.bare.parents(sha)],
        "verification": _verification(),
    }


def _parent(sha: str) -> dict[str, Any]:
    url = f"{_API}/repos/{REPOSITORY}/commits/{sha}"
    return {"sha": sha, "url": url, "html_url": url}


def _verification() -> dict[str, Any]:
    return {
        "verified": True,
        "reason": "valid",
        "signature": None,
        "payload": None,
        "verified_at": None,
    }


def commit(state: State, sha: str) -> dict[str, Any]:
    url = f"{_API}/repos/{REPOSITORY}/commits/{sha}"
    name, email, when = state.bare.git("log", "-1", "--format=%an%x00%ae%x00%cI", sha).split("\0")
    who = {"name": name, "email": email, "date": when}
    return {
        "url": url,
        "sha": sha,
        "node_id": f"C_{sha}",
        "html_url": url,
        "comments_url": url,
        "commit": {
            "url": url,
            "author": who,
            "committer": who,
            "message": state.bare.message(sha),
            "comment_count": 0,
            "tree": {"sha": state.bare.tree(sha), "url": url},
            "verification": _verification(),
        },
        "author": user(name.lower()),
        "committer": user(name.lower()),
        "parents": [_parent(parent) for parent in state.bare.parents(sha)],
    }


def comment(item: dict[str, Any]) -> dict[str, Any]:
    url = f"{_API}/repos/{REPOSITORY}/issues/comments/{item['id']}"
    return {
        "id": item["id"],
        "node_id": f"IC_{item['id']}",
        "url": url,
        "html_url": url,
        "issue_url": url,
        "body": item["body"],
        "user": user(item["author"]),
        "created_at": item["at"],
        "updated_at": item["at"],
        "author_association": "NONE",
    }


def review(number: int, item: dict[str, Any]) -> dict[str, Any]:
    url = f"{_API}/repos/{REPOSITORY}/pulls/{number}"
    return {
        "id": item["id"],
        "node_id": f"PRR_{item['id']}",
        "user": user(item["by"]),
        "body": item.get("body", ""),
        "state": item["state"],
        "html_url": url,
        "pull_request_url": url,
        "_links": {"html": {"href": url}, "pull_request": {"href": url}},
        "submitted_at": item["at"],
        "commit_id": item["sha"],
        "author_association": "MEMBER",
    }


def review_comment(number: int, item: dict[str, Any]) -> dict[str, Any]:
    url = f"{_API}/repos/{REPOSITORY}/pulls/comments/{item['id']}"
    return {
        "url": url,
        "id": item["id"],
        "node_id": item["comment"],
        "pull_request_review_id": 1,
        "diff_hunk": "@@",
        "path": item["path"],
        "commit_id": item["sha"],
        "original_commit_id": item["sha"],
        "user": user(item["author"]),
        "body": item["body"],
        "created_at": item["at"],
        "updated_at": item["at"],
        "html_url": url,
        "pull_request_url": url,
        "author_association": "NONE",
        "_links": {
            "self": {"href": url},
            "html": {"href": url},
            "pull_request": {"href": url},
        },
        "subject_type": "file",
    }


def event(item: dict[str, Any]) -> dict[str, Any]:
    url = f"{_API}/repos/{REPOSITORY}/issues/events/{item['number']}"
    shown = {
        "id": number_of(item["at"]),
        "node_id": "E_1",
        "url": url,
        "actor": user(item["by"]),
        "event": item["event"],
        "commit_id": None,
        "commit_url": None,
        "created_at": item["at"],
        "performed_via_github_app": None,
    }
    if "label" in item:
        shown["label"] = {"name": item["label"], "color": "ededed"}
    if "reviewer" in item:
        shown["review_requester"] = user(item["by"])
        shown["requested_reviewer"] = user(item["reviewer"])
    return shown


def status(item: dict[str, Any]) -> dict[str, Any]:
    url = f"{_API}/repos/{REPOSITORY}/statuses/{item['sha']}"
    return {
        "url": url,
        "avatar_url": None,
        "id": item["id"],
        "node_id": f"S_{item['id']}",
        "state": item["state"],
        "description": item["description"],
        "target_url": item["target_url"],
        "context": item["context"],
        "created_at": item["at"],
        "updated_at": item["at"],
        "creator": user(item["by"]),
    }


def check_run(item: dict[str, Any]) -> dict[str, Any]:
    url = f"{_API}/repos/{REPOSITORY}/check-runs/{item['id']}"
    owner = user(OWNER)
    app = {
        "id": number_of(item["app"]),
        "slug": item["app"],
        "node_id": "A_1",
        "client_id": "x",
        "owner": owner,
        "name": item["app"],
        "description": None,
        "external_url": url,
        "html_url": url,
        "created_at": "2026-03-01T00:00:00Z",
        "updated_at": "2026-03-01T00:00:00Z",
        "permissions": {"checks": "write"},
        "events": [],
    }
    return {
        "id": item["id"],
        "node_id": f"CR_{item['id']}",
        "head_sha": item["sha"],
        "external_id": "",
        "url": url,
        "html_url": url,
        "details_url": url,
        "status": item["status"],
        "conclusion": item["conclusion"],
        "started_at": "2026-03-01T00:00:00Z",
        "completed_at": "2026-03-01T00:01:00Z" if item["conclusion"] else None,
        "output": {
            "title": None,
            "summary": None,
            "text": None,
            "annotations_count": 0,
            "annotations_url": url,
        },
        "name": item["name"],
        "check_suite": {"id": 1},
        "app": app,
        "pull_requests": [],
    }


def activity(item: dict[str, Any], by: str) -> dict[str, Any]:
    return {
        "id": 1,
        "node_id": "RA_1",
        "before": item["before"],
        "after": item["after"],
        "ref": item["ref"],
        "timestamp": item["at"],
        "activity_type": item["kind"],
        "actor": user(by) if by else None,
    }


def deployment(item: dict[str, Any]) -> dict[str, Any]:
    url = f"{_API}/repos/{REPOSITORY}/deployments/{item['id']}"
    return {
        "url": url,
        "id": item["id"],
        "node_id": f"D_{item['id']}",
        "sha": item["sha"],
        "ref": item["sha"],
        "task": "deploy",
        "payload": {},
        "original_environment": item["environment"],
        "environment": item["environment"],
        "description": item["description"],
        "creator": user(item["by"]),
        "created_at": item["at"],
        "updated_at": item["at"],
        "statuses_url": url,
        "repository_url": url,
    }


def deployment_status(item: dict[str, Any], state: str, description: str, at: str) -> Any:
    url = f"{_API}/repos/{REPOSITORY}/deployments/{item['id']}/statuses/1"
    return {
        "url": url,
        "id": item["id"],
        "node_id": f"DS_{item['id']}",
        "state": state,
        "creator": user(item["by"]),
        "description": description,
        "environment": item["environment"],
        "target_url": "",
        "created_at": at,
        "updated_at": at,
        "deployment_url": url,
        "repository_url": url,
    }


__all__ = ["NAME", "OWNER"]
