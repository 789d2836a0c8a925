"""Merging on GitLab: now, or by GitLab once its checks pass.

GitLab prepares a merge request in the background, and answers 405 or 422 to a merge that came too
early; what it waits for stands in `detailed_merge_status`.
"""

from __future__ import annotations

from typing import Any

from gitops_ci.forge.gitlab.part import Part
from gitops_ci.model.change import MergeMessage, MergeResult, Merging, Proposal
from gitops_ci.model.forge_errors import RefusedError, StaleError, UnauthorisedError

_LOOKS = 6
_BETWEEN_LOOKS = 2.0
_PREPARING = frozenset({"unchecked", "checking", "preparing", "approvals_syncing"})
_HOPELESS = frozenset({"conflict", "need_rebase", "draft_status", "not_open", "broken_status"})
_TOO_EARLY = frozenset({405, 406, 422})


class Merger(Part):
    """Merges merge requests."""

    def merge(self, proposal: Proposal, message: MergeMessage) -> MergeResult:
        """See the port."""
        status = "unchecked"
        for _ in range(_LOOKS):
            data = self._api.get(self._merge_request(proposal.number))
            settled = _settled(data, proposal)
            if settled is not None:
                return settled
            status = str(data.get("detailed_merge_status") or "unchecked")
            if status in _HOPELESS:
                return MergeResult(Merging.BLOCKED, reason=_words(status))
            done = None
            if status not in _PREPARING:
                done = self._try(proposal, message, later=status != "mergeable")
            if done is not None:
                return done
            self._link.pause(_BETWEEN_LOOKS)
        return MergeResult(Merging.BLOCKED, reason=_words(status))

    def _try(self, proposal: Proposal, message: MergeMessage, *, later: bool) -> MergeResult | None:
        """The merge, or its promise; None when it was too early."""
        text = f"{message.title}\n\n{message.body}".rstrip()
        body: dict[str, Any] = {"sha": proposal.commit, "merge_commit_message": text}
        if message.squash is not None:
            body |= {"squash": message.squash, "squash_commit_message": text}
        if later:  # the second is what servers before 17.11 call it
            body |= {"auto_merge": True, "merge_when_pipeline_succeeds": True}
        path = f"{self._merge_request(proposal.number)}/merge"
        try:
            data = self._api.bring("PUT", path, body, permission="api, role Developer")
        except UnauthorisedError as error:  # a 401 here means: not allowed to merge
            return MergeResult(Merging.BLOCKED, reason=error.message)
        except RefusedError as error:
            if error.status == 409:
                moved = f"!{proposal.number} was changed meanwhile"
                raise StaleError(moved, "run again") from error
            if error.status not in _TOO_EARLY:
                raise
            return None
        return _settled(data, proposal) or MergeResult(Merging.ARMED)


def _settled(data: Any, proposal: Proposal) -> MergeResult | None:
    """What needs no call: it is merged, closed, promised, somewhere else."""
    if data["state"] == "merged":
        commit = data.get("merge_commit_sha") or data.get("squash_commit_sha") or data.get("sha")
        return MergeResult(Merging.MERGED, str(commit or ""))
    if data.get("sha") != proposal.commit:
        raise StaleError(f"!{proposal.number} was changed meanwhile", "run again")
    if data["state"] != "opened":
        return MergeResult(Merging.BLOCKED, reason="it is closed")
    if data.get("merge_when_pipeline_succeeds"):
        return MergeResult(Merging.ARMED)
    return None


def _words(status: str) -> str:
    if status == "mergeable":
        return "GitLab refuses to merge it"
    return f"GitLab says {status.replace('_', ' ')}"
