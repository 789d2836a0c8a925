"""Branches and commits on GitLab, each step a compare-and-swap.

The commits API makes a new branch or fails (`start_sha` pins the parent, which `last_commit_id`
cannot: it is compared with another branch then). To replace a branch it only knows `force`, which
would lose what somebody else pushed in between; git's own `--force-with-lease` does not.
"""

from __future__ import annotations

import base64
from typing import Any

from gitops_ci.forge.files import Changed
from gitops_ci.forge.gitlab.part import Part, quoted
from gitops_ci.forge.host import Work
from gitops_ci.model.forge_errors import (
    ForgeError,
    NotFoundError,
    RefusedError,
    StaleError,
    UnreachableError,
)
from gitops_ci.model.pull_request import PullRequest

_LINK = 0o120000
_EXECUTABLE = 0o100755


class Branches(Part):
    """Reads and moves the project's branches."""

    def tip(self, branch: str) -> str:
        """The tip of a branch, with its objects; empty without one."""
        sha = self._tip(branch)
        if sha:
            self._remote.fetch(f"refs/heads/{branch}", sha)
        return sha

    def _tip(self, branch: str) -> str:
        try:
            data = self._api.get(f"{self._project}/repository/branches/{quoted(branch)}")
        except NotFoundError:
            return ""
        return str(data["commit"]["id"])

    def bring(self, pull: PullRequest) -> None:
        """Bring the head of a merge request here; its own ref outlives the branch."""
        self._remote.fetch(f"refs/merge-requests/{pull.number}/head", pull.head_sha, alone=True)

    def commit(self, work: Work) -> str:
        """Make the commit and point the branch to it."""
        if work.old or any(mode == _LINK for _, mode in work.modes):
            return self._pushed(work)
        content = {
            "branch": work.branch,
            "start_sha": work.parent,
            "commit_message": work.message,
            "actions": [action for item in work.files for action in _actions(item, work.prefix)],
        }
        try:
            sha = self._api.make(
                f"{self._project}/repository/commits",
                content,
                lambda: self._landed(work),
                lambda data: str(data["id"]),
                permission="api, role Developer",
            )
        except RefusedError as error:
            if "already exists" in error.message and self._tip(work.branch):
                raise StaleError(f"branch {work.branch} appeared meanwhile", "run again") from error
            raise
        self._remote.fetch(f"refs/heads/{work.branch}", sha)
        if self._git.info(sha).tree != work.tree:
            raise ForgeError(
                f"GitLab made another tree of {work.branch} than was planned",
                "this should not happen; please report it",
            )
        return sha

    def _pushed(self, work: Work) -> str:
        now = self._link.clock.now()
        sha = self._git.commit_tree(work.tree, work.parent, work.message, now)
        try:
            self._remote.push(sha, work.branch, work.old)
        except (StaleError, UnreachableError):
            if self._tip(work.branch) != sha:
                raise
        return sha

    def _landed(self, work: Work) -> str | None:
        tip = self.tip(work.branch)
        if not tip:
            return None
        info = self._git.info(tip)
        return tip if info.tree == work.tree and info.parents == (work.parent,) else None

    def remove(self, branch: str, expected: str) -> None:
        """Remove the branch if it stands at `expected`."""
        if self._tip(branch) != expected:
            return
        try:
            self._remote.push("", branch, expected)
        except (StaleError, UnreachableError):
            if self._tip(branch) == expected:
                raise


def _actions(item: Changed, prefix: str) -> list[dict[str, Any]]:
    path = prefix + item.path
    if item.after is None:
        return [{"action": "delete", "file_path": path}]
    content = base64.b64encode(item.after).decode("ascii")
    kind = "create" if item.before is None else "update"
    actions: list[dict[str, Any]] = [
        {"action": kind, "file_path": path, "content": content, "encoding": "base64"}
    ]
    if item.before is None and item.mode == _EXECUTABLE:
        actions.append({"action": "chmod", "file_path": path, "execute_filemode": True})
    return actions
