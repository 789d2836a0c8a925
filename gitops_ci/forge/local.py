"""The forge that every clone is: a proposal is a branch with one commit, its body is printed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gitops_ci.forge.files import Changed, changed_files
from gitops_ci.git.writing import GitWriter, Put
from gitops_ci.model.change import Change, MergeMessage, MergeResult, Merging, Outcome, Proposal
from gitops_ci.model.errors import ConflictError, UsageError
from gitops_ci.model.ports import Clock

TREE_TRAILER = "Gitops-CI-Tree"
"""Names the tree that the commit was made with: an amended commit shows that it was."""

_TREE = re.compile(rf"^{TREE_TRAILER}: ([0-9a-f]+)$", re.MULTILINE)
_TRIES = 3
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class LocalForge:
    """Proposes on branches of the local repository. Work tree and index are not touched."""

    name = "local"

    def __init__(self, git: GitWriter, clock: Clock) -> None:
        self._git, self._clock = git, clock

    def tip(self, branch: str) -> str:
        """The commit at the tip of a local branch, empty when there is none."""
        return self._git.tip(branch) or ""

    def standing(self, branch: str) -> str:
        """The tip of `branch` if it is one commit of our own; else empty."""
        tip = self._git.tip(branch)
        return tip if tip and self._is_own(tip) else ""

    def propose(self, change: Change) -> Proposal:
        """Commit the change on its branch, or leave it when it stands there already."""
        revision = self._git.rev_parse(change.revision)
        tree = self._tree(change, revision)
        if tree == self._git.info(revision).tree:
            return Proposal(change.branch, Outcome.UNCHANGED, reason="there is nothing to change")
        message = message_of(change, tree)
        for attempt in range(1, _TRIES + 1):
            try:
                return self._put(change, revision, tree, message)
            except ConflictError:
                if attempt == _TRIES:
                    raise
        raise AssertionError("unreachable")

    def withdraw(self, branch: str, base: str, reason: str) -> Proposal:
        """Remove the branch if it is one commit of our own, or merged."""
        tip = self._git.tip(branch)
        if tip is None:
            return Proposal(branch, Outcome.UNCHANGED)
        if not self._is_own(tip) and not self._git.is_ancestor(tip, self._git.rev_parse(base)):
            mine = f"branch {branch} has commits of somebody else"
            return Proposal(branch, Outcome.DECLINED, commit=tip, reason=mine)
        self._git.move_branch(branch, None, tip)
        return Proposal(branch, Outcome.CLOSED, commit=tip, reason=reason)

    def merge(
        self,
        proposal: Proposal,  # noqa: ARG002 - the port has it
        message: MergeMessage,  # noqa: ARG002 - the port has it
    ) -> MergeResult:
        """Nothing: branches of a clone are merged by its owner."""
        return MergeResult(Merging.BLOCKED, reason="a local branch is merged by hand")

    def _put(self, change: Change, revision: str, tree: str, message: str) -> Proposal:
        tip = self._git.tip(change.branch)
        if tip is not None:
            info = self._git.info(tip)
            if info.tree == tree and info.parents == (revision,):
                return Proposal(change.branch, Outcome.UNCHANGED, commit=tip)
            merged = self._git.is_ancestor(tip, revision)
            if not change.etiquette.overwrite and not merged and not self._is_own(tip):
                reason = f"branch {change.branch} has commits of somebody else"
                return Proposal(change.branch, Outcome.DECLINED, commit=tip, reason=reason)
        commit = self._git.commit_tree(tree, revision, message, self._clock.now())
        self._git.move_branch(change.branch, commit, tip)
        outcome = Outcome.UPDATED if tip else Outcome.CREATED
        return Proposal(change.branch, outcome, commit=commit)

    def _tree(self, change: Change, revision: str) -> str:
        blobs = {blob.path: blob for blob in self._git.tree(revision)}

        def read(path: str) -> bytes | None:
            blob = blobs.get(path.encode("utf-8", "surrogateescape"))
            return dict(self._git.blobs((blob,)))[blob.oid] if blob else None

        files = changed_files(change.edits, read)
        modes = {blob.path.decode("utf-8", "replace"): blob.mode for blob in blobs.values()}
        return self._git.write_tree(revision, {item.path: _put(item, modes) for item in files})

    def _is_own(self, tip: str) -> bool:
        """Whether the commit is as we made it: its tree is the one that its message names."""
        info = self._git.info(tip)
        named = _TREE.findall(info.message)
        return len(info.parents) == 1 and bool(named) and named[-1] == info.tree


def message_of(change: Change, tree: str) -> str:
    """The commit message: the title, and the trailers as git-interpret-trailers(1) has them."""
    title = _one_line(change.title)
    if not title:
        raise UsageError("a change needs a title", "look at `pr.title` of the configuration")
    lines = [f"{_one_line(key)}: {_one_line(text)}" for key, text in change.trailers]
    return "\n".join([title, "", *lines, f"{TREE_TRAILER}: {tree}", ""])


def _one_line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def _put(item: Changed, modes: Mapping[str, int]) -> Put | None:
    if item.after is None:
        return None
    return Put(item.after, item.mode or modes.get(item.path, 0o100644))
