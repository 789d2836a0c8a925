"""Merging on GitHub: now, or by GitHub once it can, or through the merge queue.

`mergeable` is unknown until a background job has run; auto-merge is refused for a pull request
that could be merged at once, and merging for one that lacks something, so each is the other's way
out.
"""

from __future__ import annotations

from typing import Any

from gitops_ci.forge.github.part import Part
from gitops_ci.model.change import MergeMessage, MergeResult, Merging, Proposal
from gitops_ci.model.forge_errors import ForbiddenError, ForgeError, RefusedError, StaleError

_LOOKS = 6
_BETWEEN_LOOKS = 2.0
_READY = frozenset({"CLEAN", "HAS_HOOKS", "UNSTABLE"})
_WRITE = "contents: write, pull-requests: write"
_STATE = """query($owner:String!,$name:String!,$number:Int!){
repository(owner:$owner,name:$name){mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed
pullRequest(number:$number){id state isDraft headRefOid mergeable mergeStateStatus
isInMergeQueue isMergeQueueEnabled autoMergeRequest{enabledAt} mergeCommit{oid}}}}"""
_ARM = """mutation($input:EnablePullRequestAutoMergeInput!){
enablePullRequestAutoMerge(input:$input){clientMutationId}}"""
_QUEUE = """mutation($input:EnqueuePullRequestInput!){
enqueuePullRequest(input:$input){clientMutationId}}"""


class Merger(Part):
    """Merges pull requests."""

    def merge(self, proposal: Proposal, message: MergeMessage) -> MergeResult:
        """See the port."""
        for _ in range(_LOOKS):
            state = self._state(proposal.number)
            pull = state["pullRequest"]
            settled = _settled(pull, proposal)
            if settled is not None:
                return settled
            if pull["mergeable"] == "UNKNOWN" or pull["mergeStateStatus"] == "UNKNOWN":
                self._link.pause(_BETWEEN_LOOKS)
                continue
            if pull["isMergeQueueEnabled"]:
                return self._enqueue(pull, proposal)
            method = _method(state, message)
            if pull["mergeStateStatus"] in _READY:
                return self._now(proposal, message, method) or self._arm(
                    pull, proposal, message, method
                )
            return self._arm(pull, proposal, message, method)
        return MergeResult(Merging.BLOCKED, reason="GitHub does not say whether it can be merged")

    def _state(self, number: int) -> Any:
        found = self._graph.query(_STATE, owner=self._owner, name=self._short, number=number)
        return found["repository"]

    def _now(self, proposal: Proposal, message: MergeMessage, method: str) -> MergeResult | None:
        """The merge; None when GitHub wants something else first."""
        body = {"sha": proposal.commit, "merge_method": method.lower()}
        if method != "REBASE":
            body |= {"commit_title": message.title, "commit_message": message.body}
        path = f"{self._repo}/pulls/{proposal.number}/merge"
        try:
            done = self._api.bring("PUT", path, body, permission=_WRITE)
        except RefusedError as error:
            if error.status == 409:
                raise StaleError(
                    f"#{proposal.number} was changed meanwhile", "run again"
                ) from error
            if error.status != 405:
                raise
            return _settled(self._state(proposal.number)["pullRequest"], proposal)
        return MergeResult(Merging.MERGED, str(done["sha"]))

    def _arm(
        self, pull: Any, proposal: Proposal, message: MergeMessage, method: str
    ) -> MergeResult:
        content = {
            "pullRequestId": pull["id"],
            "expectedHeadOid": proposal.commit,
            "mergeMethod": method,
        }
        if method != "REBASE":
            content |= {"commitHeadline": message.title, "commitBody": message.body}
        try:
            self._graph.mutate(
                _ARM,
                lambda: self._is_armed(proposal.number),
                permission=_WRITE,
                input=content,
            )
        except ForbiddenError as error:
            return MergeResult(Merging.BLOCKED, reason=error.message)
        except RefusedError as error:
            if "clean status" in error.message or "unstable status" in error.message:
                merged = self._now(proposal, message, method)
                return merged or MergeResult(Merging.BLOCKED, reason=error.message)
            return MergeResult(Merging.BLOCKED, reason=error.message)
        return MergeResult(Merging.ARMED)

    def _enqueue(self, pull: Any, proposal: Proposal) -> MergeResult:
        content = {"pullRequestId": pull["id"], "expectedHeadOid": proposal.commit}
        try:
            self._graph.mutate(
                _QUEUE,
                lambda: self._is_queued(proposal.number),
                permission=_WRITE,
                input=content,
            )
        except (ForbiddenError, RefusedError) as error:
            return MergeResult(Merging.BLOCKED, reason=error.message)
        return MergeResult(Merging.QUEUED)

    def _is_armed(self, number: int) -> str | None:
        pull = self._state(number)["pullRequest"]
        return "done" if pull["autoMergeRequest"] or pull["state"] == "MERGED" else None

    def _is_queued(self, number: int) -> str | None:
        pull = self._state(number)["pullRequest"]
        return "done" if pull["isInMergeQueue"] or pull["state"] == "MERGED" else None


def _settled(pull: Any, proposal: Proposal) -> MergeResult | None:
    """What needs no call: it is merged, queued, closed, a draft, somewhere else."""
    if pull is None:
        raise ForgeError(f"GitHub has no pull request #{proposal.number}", status=404)
    if pull["state"] == "MERGED":
        return MergeResult(Merging.MERGED, str((pull["mergeCommit"] or {}).get("oid", "")))
    if pull["headRefOid"] != proposal.commit:
        raise StaleError(f"#{proposal.number} was changed meanwhile", "run again")
    if pull["state"] != "OPEN":
        return MergeResult(Merging.BLOCKED, reason="it is closed")
    if pull["isDraft"]:
        return MergeResult(Merging.BLOCKED, reason="it is a draft")
    if pull["isInMergeQueue"]:
        return MergeResult(Merging.QUEUED)
    if pull["mergeable"] == "CONFLICTING":
        return MergeResult(Merging.BLOCKED, reason="it conflicts with its base")
    return MergeResult(Merging.ARMED) if pull["autoMergeRequest"] else None


def _method(state: Any, message: MergeMessage) -> str:
    """The way of merging that is wanted, else one that the repository allows."""
    wanted = {True: "SQUASH", False: "MERGE", None: ""}[message.squash]
    allowed = [
        name
        for name, key in (
            ("MERGE", "mergeCommitAllowed"),
            ("SQUASH", "squashMergeAllowed"),
            ("REBASE", "rebaseMergeAllowed"),
        )
        if state[key]
    ]
    return wanted if wanted in allowed or not allowed else allowed[0]
