"""New commits, made from git's objects alone: work tree, index and checked-out branch stay as they
are, and no hook runs."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from gitops_ci.git.repository import Git
from gitops_ci.model.errors import ConflictError, UsageError

_ZERO = "0" * 40
_UNKNOWN = ("gitops-ci", "gitops-ci@localhost")


class Put(Struct, frozen=True):
    """A file of a new tree: its bytes and git's mode."""

    data: bytes
    mode: int = 0o100644


class CommitInfo(Struct, frozen=True):
    """What a commit says of itself."""

    oid: str
    tree: str
    parents: tuple[str, ...]
    message: str


class GitWriter(Git):
    """A repository that takes new commits. Raises as Git does."""

    def check_branch(self, branch: str) -> None:
        """Raises UsageError for a name that no branch can have."""
        result = self._run("check-ref-format", f"refs/heads/{branch}")
        if not result.ok or branch.startswith("-"):
            raise UsageError(f"'{branch}' cannot be the name of a branch")

    def tip(self, branch: str) -> str | None:
        """The commit at the tip of a local branch, or None. Raises UsageError for a name that no
        branch can have."""
        self.check_branch(branch)
        return self.find(f"refs/heads/{branch}")

    def info(self, oid: str) -> CommitInfo:
        """The commit's tree, parents and message."""
        head, _, message = self._output("cat-file", "commit", oid).partition(b"\n\n")
        words = [line.split() for line in head.decode("utf-8", "replace").splitlines()]
        trees = [line[1] for line in words if line and line[0] == "tree"]
        parents = tuple(line[1] for line in words if line and line[0] == "parent")
        return CommitInfo(oid, trees[0], parents, message.decode("utf-8", "replace"))

    def is_ancestor(self, old: str, new: str) -> bool:
        """Whether the commit `old` is part of the history of `new`."""
        return self._run("merge-base", "--is-ancestor", old, new).code == 0

    def write_tree(self, base: str, files: Mapping[str, Put | None]) -> str:
        """The id of the tree of commit `base` with `files` put in, or taken out where None. An
        index of its own serves for it."""
        prefix = self.prefix()
        lines = []
        for path in sorted(files):
            put = files[path]
            oid = self._store(put.data) if put else _ZERO
            lines.append(f"{put.mode if put else 0:o} {oid}\t{prefix}{path}\0")
        with tempfile.TemporaryDirectory(prefix="gitops-ci-") as folder:
            self._environment["GIT_INDEX_FILE"] = str(Path(folder) / "index")
            try:
                self._output("read-tree", base)
                request = "".join(lines).encode()
                self._output("update-index", "-z", "--index-info", stdin=request)
                return self._output("write-tree").decode("ascii").strip()
            finally:
                del self._environment["GIT_INDEX_FILE"]

    def commit_tree(self, tree: str, parent: str, message: str, when: datetime) -> str:
        """The id of a new commit of `tree` on `parent`, by the user whom git's configuration
        names. No branch points to it yet."""
        name, email = self._setting("user.name"), self._setting("user.email")
        name, email = (name, email) if name and email else _UNKNOWN
        identity = {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in (
                ("NAME", name),
                ("EMAIL", email),
                ("DATE", f"{int(when.timestamp())} +0000"),
            )
        }
        self._environment.update(identity)
        try:
            words = ("commit-tree", tree, "-p", parent)
            return self._output(*words, stdin=message.encode()).decode("ascii").strip()
        finally:
            for key in identity:
                del self._environment[key]

    def move_branch(self, branch: str, new: str | None, old: str | None) -> None:
        """Point the branch to `new` (None: remove it) if it still points to `old` (None: does not
        exist). Raises
        ConflictError when somebody was faster, UsageError when it is checked out."""
        ref = f"refs/heads/{branch}"
        if f"branch {ref}\n" in self._output("worktree", "list", "--porcelain").decode(
            "utf-8", "replace"
        ):
            raise UsageError(
                f"branch {branch} is checked out", "switch to another one, or use --write"
            )
        result = self._run("update-ref", "-m", "gitops-ci", ref, new or _ZERO, old or _ZERO)
        if not result.ok:
            raise ConflictError(f"branch {branch} changed meanwhile", "run again")

    def _store(self, data: bytes) -> str:
        return self._output("hash-object", "-w", "--stdin", stdin=data).decode("ascii").strip()

    def _setting(self, key: str) -> str:
        result = self._run("config", "--get", key)
        return result.stdout.decode("utf-8", "replace").strip() if result.ok else ""
