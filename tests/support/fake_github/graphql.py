"""The GraphQL part of a fake GitHub: it answers the operations that the product sends."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from tests.support.fake_github.bodies import number_of
from tests.support.fake_github.state import ZERO, Pull, State
from tests.support.forges.calls import Answer, Call

_WENT = {"success": "SUCCESS", "failure": "FAILURE", "in_progress": "IN_PROGRESS",
         "inactive": "INACTIVE", "queued": "QUEUED"}  # fmt: skip


class RefusalError(Exception):
    """An error that GraphQL reports with status 200."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class GraphQL:
    """Answers POST /graphql."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._operations: tuple[tuple[str, Callable[[dict[str, Any]], Any]], ...] = (
            ("createCommitOnBranch", self._commit),
            ("updateRefs", self._update_refs),
            ("enablePullRequestAutoMerge", self._arm),
            ("enqueuePullRequest", self._enqueue),
            ("resolveReviewThread", self._resolve),
            ("minimizeComment", self._hide),
            ("deployments(", self._deployments),
            ("reviewThreads(", self._threads),
            ("comments(", self._comments),
            ("pullRequest(", self._pull),
            ("node(", self._node),
            ("viewer", lambda _: {"viewer": {"login": self.state.viewer}}),
            ("repository(", lambda _: {"repository": {"id": "R_1"}}),
        )

    def __call__(self, call: Call, match: Any) -> Answer:
        self.state.settle()
        text, variables = call.body["query"], call.body["variables"]
        try:
            operation = next(found for word, found in self._operations if word in text)
            data = operation(variables)
        except RefusalError as error:
            message = {"type": error.kind, "message": str(error), "path": ["x"]}
            return Answer(200, {"data": None, "errors": [message]})
        self.state.settle()
        return Answer(200, {"data": data})

    def _commit(self, variables: dict[str, Any]) -> Any:
        content, bare = variables["input"], self.state.bare
        branch, parent = content["branch"]["branchName"], content["expectedHeadOid"]
        tip = bare.tip(branch)
        if not tip:
            raise RefusalError("NOT_FOUND", f"Could not resolve to a branch {branch}")
        if tip != parent:
            raise RefusalError(
                "STALE_DATA", f'Expected branch to point to "{parent}" but it did not.'
            )
        files: dict[str, tuple[str, str] | None] = {}
        for item in content["fileChanges"]["additions"]:
            mode = bare.mode(parent, item["path"]) or "100644"
            files[item["path"]] = (mode, bare.blob(base64.b64decode(item["contents"])))
        for item in content["fileChanges"]["deletions"]:
            files[item["path"]] = None
        message = f"{content['message']['headline']}\n\n{content['message']['body']}"
        tree = bare.write_tree(parent, files)
        commit = bare.commit_tree(tree, [parent], message)
        if not bare.update([(f"refs/heads/{branch}", commit, parent)]):
            raise RefusalError("STALE_DATA", "Expected branch to point elsewhere")
        node = {"oid": commit, "tree": {"oid": tree}}
        return {"createCommitOnBranch": {"commit": node}}

    def _update_refs(self, variables: dict[str, Any]) -> Any:
        updates = [
            (item["name"], item["afterOid"], item.get("beforeOid"))
            for item in variables["input"]["refUpdates"]
        ]
        for name, _, before in updates:
            if before is not None and (self.state.bare.find(name) or ZERO) != before:
                raise RefusalError("UNPROCESSABLE", f"{name} is not at the expected oid")
        if not self.state.bare.update(updates):
            raise RefusalError("UNPROCESSABLE", "the refs cannot be updated")
        return {"updateRefs": {"clientMutationId": None}}

    def _number(self, node: str) -> Pull:
        return self.state.pulls[int(node.removeprefix("PR_"))]

    def _expected(self, content: dict[str, Any]) -> Pull:
        pull = self._number(content["pullRequestId"])
        if pull.head_sha != content["expectedHeadOid"]:
            raise RefusalError("UNPROCESSABLE", "Head sha has changed")
        return pull

    def _arm(self, variables: dict[str, Any]) -> Any:
        pull = self._expected(variables["input"])
        if not self.state.allow_auto_merge:
            raise RefusalError("UNPROCESSABLE", "Auto merge is not allowed for this repository")
        if not self.state.blocked:
            raise RefusalError("UNPROCESSABLE", "Pull request Pull request is in clean status")
        pull.auto = True
        return {"enablePullRequestAutoMerge": {"clientMutationId": None}}

    def _enqueue(self, variables: dict[str, Any]) -> Any:
        self._expected(variables["input"]).queued = True
        return {"enqueuePullRequest": {"clientMutationId": None}}

    def _pull(self, variables: dict[str, Any]) -> Any:
        pull = self.state.pulls.get(variables["number"])
        if pull is None:
            raise RefusalError("NOT_FOUND", "Could not resolve to a PullRequest")
        mergeable = self.state.mergeable(pull)
        status = "UNKNOWN" if mergeable == "UNKNOWN" else "CLEAN"
        status = "DIRTY" if mergeable == "CONFLICTING" else status
        status = "BLOCKED" if status == "CLEAN" and self.state.blocked else status
        node = {
            "id": f"PR_{pull.number}",
            "state": "MERGED" if pull.merged else pull.state.upper(),
            "isDraft": pull.draft,
            "headRefOid": pull.head_sha,
            "mergeable": mergeable,
            "mergeStateStatus": status,
            "isInMergeQueue": pull.queued,
            "isMergeQueueEnabled": self.state.queue,
            "autoMergeRequest": {"enabledAt": "2026-03-01T00:00:00Z"} if pull.auto else None,
            "mergeCommit": {"oid": pull.merged} if pull.merged else None,
        }
        allowed = ("mergeCommitAllowed", "squashMergeAllowed", "rebaseMergeAllowed")
        return {"repository": {**dict.fromkeys(allowed, True), "pullRequest": node}}

    def _page(self, items: list[Any], variables: dict[str, Any]) -> dict[str, Any]:
        start = int(variables.get("after") or 0)
        end = start + 100
        more = end < len(items)
        info = {"hasNextPage": more, "endCursor": str(end) if more else None}
        return {"pageInfo": info, "nodes": items[start:end]}

    def _author(self, login: str) -> dict[str, str]:
        kind = "Bot" if login.endswith("[bot]") else "User"
        return {"__typename": kind, "login": login}

    def _comments(self, variables: dict[str, Any]) -> Any:
        nodes = [
            {
                "databaseId": item["id"],
                "body": item["body"],
                "viewerDidAuthor": item["author"] == self.state.viewer,
                "createdAt": item["at"],
                "url": f"https://github.test/c/{item['id']}",
                "author": self._author(item["author"]),
            }
            for item in self.state.comments
            if item["number"] == variables["number"]
        ]
        return {"repository": {"pullRequest": {"comments": self._page(nodes, variables)}}}

    def _threads(self, variables: dict[str, Any]) -> Any:
        nodes = []
        for item in self.state.threads:
            if item["number"] != variables["number"]:
                continue
            first = {
                "id": item["comment"],
                "body": item["body"],
                "viewerDidAuthor": item["author"] == self.state.viewer,
                "author": self._author(item["author"]),
            }
            nodes.append({
                "id": item["thread"],
                "path": item["path"],
                "line": item["line"] or None,
                "isResolved": item["resolved"],
                "resolvedBy": {"login": item["resolver"]} if item["resolver"] else None,
                "isOutdated": item["outdated"],
                "viewerCanResolve": not self.state.lost_resolve,
                "comments": {"totalCount": 1 + item["replies"], "nodes": [first]},
            })  # fmt: skip
        return {"repository": {"pullRequest": {"reviewThreads": self._page(nodes, variables)}}}

    def _resolve(self, variables: dict[str, Any]) -> Any:
        if self.state.lost_resolve:
            raise RefusalError("FORBIDDEN", "Resource not accessible by integration")
        for item in self.state.threads:
            if item["thread"] == variables["input"]["threadId"]:
                item |= {"resolved": True, "resolver": self.state.viewer}
        return {"resolveReviewThread": {"thread": {"isResolved": True}}}

    def _hide(self, variables: dict[str, Any]) -> Any:
        for item in self.state.threads:
            if item["comment"] == variables["input"]["subjectId"]:
                item["hidden"] = True
        node = {"__typename": "PullRequestReviewComment", "isMinimized": True}
        return {"minimizeComment": {"minimizedComment": node}}

    def _node(self, variables: dict[str, Any]) -> Any:
        found = [item for item in self.state.threads if item["comment"] == variables["id"]]
        hidden = bool(found) and found[0]["hidden"]
        return {"node": {"__typename": "PullRequestReviewComment", "isMinimized": hidden}}

    def _deployments(self, variables: dict[str, Any]) -> Any:
        nodes = [
            {
                "databaseId": item["id"],
                "environment": item["environment"],
                "commitOid": item["sha"],
                "createdAt": item["at"],
                "latestStatus": {
                    "state": _WENT[item["state"]],
                    "createdAt": item["at"],
                    "environmentUrl": None,
                }
                if item["state"]
                else None,
                "statuses": {"nodes": [{"state": _WENT[state]} for state in item["states"]]},
            }
            for item in reversed(self.state.deployments)
            if item["environment"] in variables["environments"]
        ]
        return {"repository": {"deployments": {"nodes": nodes}}}


__all__ = ["GraphQL", "number_of"]
