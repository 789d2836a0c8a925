"""Proposals on any forge: observe, decide, act. Every call may be repeated after any failure."""

from __future__ import annotations

from msgspec.structs import replace

from gitops_ci.forge.decision import Act, Decision, Head, Seen, decide
from gitops_ci.forge.files import changed_files
from gitops_ci.forge.host import Host, Work
from gitops_ci.forge.payload import (
    body_of,
    carried,
    closed_by_us,
    closing,
    described,
    is_own,
    message_of,
    paths_of,
    payload,
    title_of,
    unit_in,
    unit_mark,
)
from gitops_ci.git.writing import GitWriter, Put
from gitops_ci.model.change import Change, MergeMessage, MergeResult, Outcome, Proposal
from gitops_ci.model.errors import ConflictError
from gitops_ci.model.pull_request import PullRequest, PullState

TOLD = "<!-- gitops-ci people -->"
"""Marks the one comment which says that people's commits are left alone."""


class Proposer:
    """The Forge of a host."""

    def __init__(self, host: Host, git: GitWriter) -> None:
        self.name = host.name
        self._host, self._git = host, git

    def tip(self, branch: str) -> str:
        """The commit at the tip of a branch, empty without one."""
        return self._host.tip(branch)

    def standing(self, branch: str) -> str:
        """The commit of our own that an open proposal stands at."""
        pull, head = self._look(branch)
        return Seen("", empty=False, head=head, pull=pull).standing

    def propose(self, change: Change) -> Proposal:
        """Bring the change onto the forge, or leave things as they are and say why."""
        self._git.check_branch(change.branch)
        work = self._work(change)
        pull, head = self._look(change.branch, change.revision, paths_of(change.edits))
        seen, others = self._seen(change, work, pull, head)
        decision = decide(seen, change.etiquette)
        if decision.act is Act.RECOMPUTE:
            raise ConflictError(f"{change.branch}: {decision.reason}", "run again")
        if decision.act is Act.PUT:
            return self._put(change, work, seen, decision, others)
        if decision.act is Act.CLOSE and pull is not None:
            return self._close(pull, decision.reason)
        if decision.tell and pull is not None:
            self._tell(pull)
        if decision.act is Act.NOTHING and seen.open and pull is not None and not decision.reason:
            self._host.dress(pull, change)
        outcome = Outcome.DECLINED if decision.act is Act.DECLINE else Outcome.UNCHANGED
        return _proposal(change.branch, outcome, pull, head.sha if head else "", decision.reason)

    def withdraw(self, branch: str, base: str, reason: str) -> Proposal:
        """Close our open proposal and remove its branch; remove the branch of a merged one."""
        pull, head = self._look(branch, self._git.find(base) or "")
        if pull is None or head is None:
            return Proposal(branch, Outcome.UNCHANGED)
        if pull.state is PullState.OPEN:
            if head.own or head.merged:
                return self._close(pull, reason)
            self._tell(pull)
            why = "the branch has commits of somebody else"
            return _proposal(branch, Outcome.DECLINED, pull, head.sha, why)
        if pull.state is PullState.MERGED and pull.head_sha == head.sha:
            self._host.remove(branch, head.sha)
            return _proposal(branch, Outcome.CLOSED, pull, head.sha, "it is merged")
        return Proposal(branch, Outcome.UNCHANGED)

    def merge(self, proposal: Proposal, message: MergeMessage) -> MergeResult:
        """Merge at the expected head, or let the forge do it when it can."""
        return self._host.merge(proposal, message)

    def _look(
        self, branch: str, revision: str = "", paths: frozenset[str] = frozenset()
    ) -> tuple[PullRequest | None, Head | None]:
        """The open proposal, else the newest one; and what stands on the branch."""
        pulls = self._host.pulls(branch)
        pull = next((item for item in pulls if item.state is PullState.OPEN), None)
        if pull is None:
            pull = pulls[0] if pulls else None
            return pull, self._head(self._host.tip(branch), pull, revision, paths)
        self._host.bring(pull)
        return pull, self._head(pull.head_sha, pull, revision, paths)

    def _head(
        self, sha: str, pull: PullRequest | None, revision: str, paths: frozenset[str]
    ) -> Head | None:
        if not sha:
            return None
        info = self._git.info(sha)
        merged = pull is not None and pull.state is PullState.MERGED and pull.head_sha == sha
        merged = merged or (bool(revision) and self._git.is_ancestor(sha, revision))
        if not is_own(info):
            return Head(sha, merged=merged)
        overtaken = bool(revision) and self._overtaken(info.parents[0], revision, paths)
        return Head(sha, own=True, payload=carried(info), merged=merged, overtaken=overtaken)

    def _overtaken(self, parent: str, revision: str, paths: frozenset[str]) -> bool:
        if parent == revision:
            return False
        if self._git.find(parent) is None:
            return True  # a shallow clone cannot tell what happened since
        return any(change.path in paths for change in self._git.changes(parent, revision))

    def _seen(
        self, change: Change, work: Work, pull: PullRequest | None, head: Head | None
    ) -> tuple[Seen, tuple[PullRequest, ...]]:
        """How things stand; what costs a call is asked only where it can matter."""
        seen = Seen(
            payload(change),
            empty=not work.files,
            head=head,
            pull=pull,
            described=described(pull.body) if pull else "",
            base=change.base,
            expects=change.standing,
        )
        if pull is not None and seen.open:
            ask = change.etiquette.keep_approved and head is not None
            ask = ask and head is not None and head.payload != seen.payload
            return replace(seen, approved=ask and self._host.approved(pull)), ()
        if pull is not None and pull.state is PullState.CLOSED and not seen.empty:
            seen = replace(seen, vetoed=self._vetoed(pull, seen.payload))
        if seen.empty or (seen.vetoed and not change.etiquette.reopen):
            return seen, ()
        others = self._others(change)
        return replace(seen, others=sum(not _is_older(item, change) for item in others)), others

    def _vetoed(self, pull: PullRequest, wanted: str) -> bool:
        if closed_by_us(pull.body):
            return False
        self._host.bring(pull)
        info = self._git.info(pull.head_sha)
        return is_own(info) and carried(info) == wanted

    def _others(self, change: Change) -> tuple[PullRequest, ...]:
        rules = change.etiquette
        if not (rules.most_open or rules.unit):
            return ()
        return tuple(
            pull
            for pull in self._host.open_pulls()
            if not pull.fork and pull.head != change.branch and pull.head.startswith(rules.family)
        )

    def _put(
        self,
        change: Change,
        work: Work,
        seen: Seen,
        decision: Decision,
        others: tuple[PullRequest, ...],
    ) -> Proposal:
        sha = seen.head.sha if seen.head else ""
        if decision.commit:
            sha = self._host.commit(replace(work, old=sha))
        self._supersede(change, others)  # before there is a new one: later runs find no reason to
        title, body, pull = title_of(change), body_of(change), seen.pull
        if decision.propose or pull is None:
            pull = self._host.create(change, title, body, sha)
        elif decision.describe:
            self._host.describe(pull, title, body)
        self._host.dress(pull, change)
        outcome = Outcome.CREATED if decision.propose else Outcome.UPDATED
        return _proposal(change.branch, outcome, pull, sha)

    def _supersede(self, change: Change, others: tuple[PullRequest, ...]) -> None:
        """Close older proposals of the same unit, if they are as we made them."""
        for other in others:
            if _is_older(other, change):
                pull, head = self._look(other.head)
                if pull is not None and pull.number == other.number and head and head.own:
                    self._close(pull, f"superseded by {change.branch}")

    def _close(self, pull: PullRequest, reason: str) -> Proposal:
        """The reason first, the state last: a run that ends in between is made good by the next
        one, which finds the proposal open, or closed with our words in it."""
        text = closing(pull.body, reason)
        self._host.describe(pull, pull.title, text)
        self._host.remove(pull.head, pull.head_sha)
        self._host.close(pull, text)
        return _proposal(pull.head, Outcome.CLOSED, pull, pull.head_sha, reason)

    def _tell(self, pull: PullRequest) -> None:
        text = (
            "Somebody pushed commits to this branch, so it is left alone from now on. Remove them, "
            f"or close this and delete the branch, to have it kept up to date again.\n\n{TOLD}\n"
        )
        self._host.tell(pull, text, TOLD)

    def _work(self, change: Change) -> Work:
        revision = self._git.rev_parse(change.revision)
        blobs = {blob.path: blob for blob in self._git.tree(revision)}

        def read(path: str) -> bytes | None:
            blob = blobs.get(path.encode("utf-8", "surrogateescape"))
            return dict(self._git.blobs((blob,)))[blob.oid] if blob else None

        files = changed_files(change.edits, read)
        modes = {blob.path.decode("utf-8", "replace"): blob.mode for blob in blobs.values()}
        wanted = {item.path: item.mode or modes.get(item.path, 0o100644) for item in files}
        puts = {
            item.path: None if item.after is None else Put(item.after, wanted[item.path])
            for item in files
        }
        tree = self._git.write_tree(revision, puts)
        kept = tuple((item.path, wanted[item.path]) for item in files if item.after is not None)
        return Work(change.branch, revision, "", tree, message_of(change, tree), files, kept,
            self._git.prefix(),
        )  # fmt: skip


def _is_older(pull: PullRequest, change: Change) -> bool:
    """Whether an open proposal is of the same unit, by the marker in its text."""
    wanted = unit_mark(change.etiquette.unit)
    return bool(wanted) and unit_in(pull.body) == wanted


def _proposal(
    branch: str, outcome: Outcome, pull: PullRequest | None, commit: str, reason: str = ""
) -> Proposal:
    number, url = (pull.number, pull.url) if pull else (0, "")
    return Proposal(branch, outcome, number, url, commit, reason)
