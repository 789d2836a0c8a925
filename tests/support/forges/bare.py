"""The repository behind a fake forge: a bare one, changed and read through git."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.support.forges.calls import Answer, Call

ZERO = "0" * 40
_WHEN = "1700000000 +0000"


class Bare:
    """A bare repository at `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.when = _WHEN  # of every commit that is made here

    def git(self, *words: str, stdin: bytes = b"", **environment: str) -> str:
        """What git prints, without the last line end. Raises CalledProcessError."""
        done = subprocess.run(
            ["git", *words],
            cwd=self.root,
            input=stdin,
            capture_output=True,
            check=True,
            env={**os.environ, **environment},
        )
        return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    def find(self, revision: str) -> str:
        """The id of a commit, empty when there is none."""
        try:
            return self.git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        except subprocess.CalledProcessError:
            return ""

    def tip(self, branch: str) -> str:
        return self.find(f"refs/heads/{branch}")

    def branches(self) -> dict[str, str]:
        lines = self.git("for-each-ref", "--format=%(objectname) %(refname)", "refs/heads/")
        rows = (line.split(" ", 1) for line in lines.splitlines())
        return {ref.removeprefix("refs/heads/"): oid for oid, ref in rows}

    def update(self, updates: list[tuple[str, str, str | None]]) -> bool:
        """Move refs (name, new, expected old or None) all at once, or none."""
        lines = []
        for name, new, old in updates:
            if new == ZERO:
                lines.append(f"delete {name}" + (f" {old}" if old else ""))
            else:
                lines.append(f"update {name} {new}" + (f" {old}" if old is not None else ""))
        try:
            self.git("update-ref", "--stdin", stdin=("\n".join(lines) + "\n").encode())
        except subprocess.CalledProcessError:
            return False
        return True

    def is_ancestor(self, old: str, new: str) -> bool:
        try:
            self.git("merge-base", "--is-ancestor", old, new)
        except subprocess.CalledProcessError:
            return False
        return True

    def tree(self, commit: str) -> str:
        return self.git("rev-parse", f"{commit}^{{tree}}")

    def parents(self, commit: str) -> list[str]:
        return self.git("rev-list", "--parents", "-n1", commit).split()[1:]

    def message(self, commit: str) -> str:
        return self.git("log", "-1", "--format=%B", commit)

    def blob(self, data: bytes) -> str:
        return self.git("hash-object", "-w", "--stdin", stdin=data)

    def write_tree(self, base: str, files: Mapping[str, tuple[str, str] | None]) -> str:
        """A tree like `base` with (mode, blob) at paths, None removes."""
        with tempfile.TemporaryDirectory() as folder:
            index = str(Path(folder) / "index")
            self.git("read-tree", base, GIT_INDEX_FILE=index)
            lines = []
            for path, entry in files.items():
                mode, oid = entry or ("0", ZERO)
                lines.append(f"{mode} {oid}\t{path}\0")
            self.git(
                "update-index", "-z", "--index-info",
                stdin="".join(lines).encode("utf-8", "surrogateescape"), GIT_INDEX_FILE=index,
            )  # fmt: skip
            return self.git("write-tree", GIT_INDEX_FILE=index)

    def commit_tree(self, tree: str, parents: list[str], message: str, who: str = "Forge") -> str:
        words = [word for parent in parents for word in ("-p", parent)]
        identity = {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in (("NAME", who), ("EMAIL", "noreply@forge.test"), ("DATE", self.when))
        }
        return self.git("commit-tree", tree, *words, stdin=message.encode(), **identity)

    def mode(self, commit: str, path: str) -> str:
        """The mode of a file, empty when it is not there."""
        return self.git("ls-tree", "--format=%(objectmode)", commit, "--", path)

    def merge(self, base: str, head: str) -> str:
        """The tree of a merge, empty on a conflict."""
        try:
            return self.git("merge-tree", "--write-tree", base, head).splitlines()[0]
        except subprocess.CalledProcessError:
            return ""

    def line(self, branch: str) -> list[str]:
        """The first-parent commits of a branch, the newest first."""
        return self.git("rev-list", "--first-parent", branch).split()

    def between(self, base: str, head: str) -> list[str]:
        """The commits of `base..head`, the oldest first."""
        return self.git("rev-list", "--reverse", f"{base}..{head}").split()

    def changed(self, base: str, head: str) -> list[tuple[str, str]]:
        """(status letter, path) from the fork point to `head`."""
        output = self.git("diff", "--name-status", "--no-renames", f"{base}...{head}")
        rows = (line.split("\t", 1) for line in output.splitlines())
        return [(letter, path) for letter, path in rows]

    def patches(self, base: str, head: str) -> dict[str, str]:
        """The hunks of each path from the fork point to `head`; empty where there are none."""
        text = self.git("diff", "--no-renames", f"{base}...{head}")
        parts = re.split(r"^diff --git ", text, flags=re.MULTILINE)[1:]
        paths = [path for _, path in self.changed(base, head)]
        found = ((path, part.rstrip("\n").partition("\n@@")) for path, part in
                 zip(paths, parts, strict=True))  # fmt: skip
        return {path: f"@@{hunks}" if sign else "" for path, (_, sign, hunks) in found}


class GitHttp:
    """`git http-backend` as a part of the server."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def __call__(self, call: Call) -> Answer:
        path = call.path.removeprefix("git:")
        name = path.partition(".git/")[2]
        service = call.query.get("service", "")
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(self._root.parent),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": f"/{self._root.name}/{name}",
            "QUERY_STRING": f"service={service}" if service else "",
            "REQUEST_METHOD": call.method,
            "CONTENT_TYPE": call.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(call.raw)),
            "REMOTE_USER": "bot",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_CONTENT_ENCODING": call.headers.get("content-encoding", ""),
            "GIT_PROTOCOL": call.headers.get("git-protocol", ""),
            "GIT_CONFIG_COUNT": "3",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
            "GIT_CONFIG_KEY_1": "uploadpack.allowAnySHA1InWant",
            "GIT_CONFIG_VALUE_1": "true",
            "GIT_CONFIG_KEY_2": "http.receivepack",
            "GIT_CONFIG_VALUE_2": "true",
        }
        done = subprocess.run(
            ["git", "http-backend"],
            input=call.raw,
            capture_output=True,
            env=environment,
            check=True,
        )
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        headers = {}
        status = 200
        for line in head.decode("latin-1").split("\r\n"):
            key, _, value = line.partition(": ")
            if key == "Status":
                status = int(value.split()[0])
            else:
                headers[key] = value
        return Answer(status, body, headers)
