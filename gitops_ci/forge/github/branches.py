"""Branches and commits on GitHub, each step a compare-and-swap.

`createCommitOnBranch` makes verified commits with any token, but knows no file modes; what needs
them goes through the Git Data API. A branch that has to be replaced is never reset first: a pull
request without commits closes itself. The commit is made on a scratch branch, and one `updateRefs`
moves the branch and removes the scratch one, or does nothing.
"""

from __future__ import annotations

import base64
from typing import Any

from gitops_ci.forge.exchange import Request
from gitops_ci.forge.github.part import Part, quoted
from gitops_ci.forge.host import Work
from gitops_ci.forge.payload import is_own
from gitops_ci.model.forge_errors import ForgeError, NotFoundError, RefusedError, StaleError

_ZERO = "0" * 40
_PLAIN = 0o100644
_CONTENTS = "contents: write"
_REPOSITORY = "query($owner:String!,$name:String!){repository(owner:$owner,name:$name){id}}"
_COMMIT = """mutation($input:CreateCommitOnBranchInput!){
createCommitOnBranch(input:$input){commit{oid tree{oid}}}}"""
_UPDATE = "mutation($input:UpdateRefsInput!){updateRefs(input:$input){clientMutationId}}"


class Branches(Part):
    """Reads and moves the repository's branches."""

    _id = ""

    def tip(self, branch: str) -> str:
        """The tip of a branch, with its objects; empty without one."""
        sha = self._tip(branch)
        if sha:
            self._remote.fetch(f"refs/heads/{branch}", sha)
        return sha

    def _tip(self, branch: str) -> str:
        try:
            data = self._api.get(f"{self._repo}/git/ref/heads/{quoted(branch)}")
        except NotFoundError:
            return ""
        return str(data["object"]["sha"])

    def commit(self, work: Work) -> str:
        """Make the commit and point the branch to it."""
        if any(mode != _PLAIN for _, mode in work.modes):
            sha = self._by_data(work)
            self._move(work.branch, work.old, sha)
            return sha
        if not work.old:
            self._create(work.branch, work.parent)
        if not work.old or work.old == work.parent:
            return self._append(work.branch, work)
        scratch = f"{work.branch}.next-{work.tree[:12]}-{work.parent[:12]}"
        sha = self._on_scratch(scratch, work)
        self._move(work.branch, work.old, sha, scratch)
        return sha

    def remove(self, branch: str, expected: str) -> None:
        """Remove the branch if it stands at `expected`."""
        if self._tip(branch) != expected:
            return
        try:
            self._swap([_ref(branch, expected, _ZERO)], lambda: self._tip(branch) != expected)
        except (StaleError, RefusedError):
            if self._tip(branch) == expected:
                raise

    def _on_scratch(self, scratch: str, work: Work) -> str:
        try:
            self._create(scratch, work.parent)
        except StaleError:
            there = self.tip(scratch)  # a run ended halfway, or another one does the same
            if there and there != work.parent:
                info = self._git.info(there)
                if info.tree == work.tree and info.parents == (work.parent,) and is_own(info):
                    return there
                raise
        return self._append(scratch, work)

    def _append(self, branch: str, work: Work) -> str:
        prefix = work.prefix
        added = [item for item in work.files if item.after is not None]
        gone = [item for item in work.files if item.after is None]
        headline, _, body = work.message.partition("\n\n")
        content = {
            "branch": {"repositoryNameWithOwner": self.repository, "branchName": branch},
            "expectedHeadOid": work.parent,
            "message": {"headline": headline, "body": body},
            "fileChanges": {
                "additions": [
                    {"path": prefix + item.path, "contents": _base64(item.after or b"")}
                    for item in added
                ],
                "deletions": [{"path": prefix + item.path} for item in gone],
            },
        }
        made = self._graph.mutate(
            _COMMIT, lambda: self._landed(branch, work), permission=_CONTENTS, input=content
        )
        if isinstance(made, str):
            return made
        commit = made["createCommitOnBranch"]["commit"]
        return self._proved(str(commit["oid"]), str(commit["tree"]["oid"]), work)

    def _landed(self, branch: str, work: Work) -> str | None:
        """The commit, if it is at the tip already."""
        tip = self.tip(branch)
        if not tip or tip == work.parent:
            return None
        info = self._git.info(tip)
        return tip if info.tree == work.tree and info.parents == (work.parent,) else None

    def _by_data(self, work: Work) -> str:
        modes = dict(work.modes)
        entries = [
            {
                "path": work.prefix + item.path,
                "mode": f"{modes.get(item.path, _PLAIN):06o}",
                "type": "blob",
                "sha": None if item.after is None else self._blob(item.after),
            }
            for item in work.files
        ]
        base = self._git.info(work.parent).tree
        tree = self._send("/git/trees", {"base_tree": base, "tree": entries})
        content = {"message": work.message, "tree": tree["sha"], "parents": [work.parent]}
        commit = self._send("/git/commits", content)
        return self._proved(str(commit["sha"]), str(tree["sha"]), work)

    def _blob(self, data: bytes) -> str:
        content = {"content": _base64(data), "encoding": "base64"}
        return str(self._send("/git/blobs", content)["sha"])

    def _send(self, path: str, body: Any) -> Any:
        """A new object. Nothing points to it yet, so a second one does no harm."""
        request = Request("POST", self._repo + path, {}, body)
        return self._api.ask(request, permission=_CONTENTS).data

    def _proved(self, sha: str, tree: str, work: Work) -> str:
        if tree != work.tree:
            raise ForgeError(
                f"GitHub made another tree of {work.branch} than was planned ({tree[:12]})",
                "this should not happen; please report it",
            )
        return sha

    def _create(self, branch: str, sha: str) -> None:
        """Raises StaleError when the branch is there already, elsewhere."""
        body = {"ref": f"refs/heads/{branch}", "sha": sha}
        try:
            self._api.make(
                f"{self._repo}/git/refs",
                body,
                lambda: sha if self._tip(branch) == sha else None,
                lambda _: sha,
                permission=_CONTENTS,
            )
        except RefusedError as error:
            if "already exists" not in error.message:
                raise
            if self._tip(branch) != sha:
                raise StaleError(f"branch {branch} appeared meanwhile", "run again") from error

    def _move(self, branch: str, old: str, new: str, scratch: str = "") -> None:
        updates = [_ref(branch, old or _ZERO, new)]
        updates += [_ref(scratch, new, _ZERO)] if scratch else []
        try:
            self._swap(updates, lambda: self._tip(branch) == new)
        except (StaleError, RefusedError) as error:
            tip = self._tip(branch)
            if tip == new:
                return
            if tip != old:
                raise StaleError(f"branch {branch} changed meanwhile", "run again") from error
            raise

    def _swap(self, updates: list[dict[str, Any]], done: Any) -> None:
        content = {"repositoryId": self._repository_id(), "refUpdates": updates}
        self._graph.mutate(
            _UPDATE, lambda: "done" if done() else None, permission=_CONTENTS, input=content
        )

    def _repository_id(self) -> str:
        if not self._id:
            found = self._graph.query(_REPOSITORY, owner=self._owner, name=self._short)
            self._id = str(found["repository"]["id"])
        return self._id


def _ref(branch: str, before: str, after: str) -> dict[str, Any]:
    name = f"refs/heads/{branch}"
    return {"name": name, "beforeOid": before, "afterOid": after, "force": True}


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
