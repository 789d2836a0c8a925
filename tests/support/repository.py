"""A git repository for tests. Author and clock are fixed, so its commit ids never change."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_IDENTITY = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
}
_START = 1_700_000_000


class Repository:
    """A work tree in `root`, on the branch main."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._commits = 0
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *words: str) -> str:
        """What `git WORDS` prints, without the last newline. Raises CalledProcessError."""
        date = f"{_START + self._commits} +0000"
        environment = {
            **os.environ,
            **_IDENTITY,
            "GIT_AUTHOR_DATE": date,
            "GIT_COMMITTER_DATE": date,
        }
        done = subprocess.run(
            ["git", *words], cwd=self.root, env=environment, check=True, capture_output=True
        )
        return done.stdout.decode().removesuffix("\n")

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write each file, making its folders."""
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(
        self, files: Mapping[str, str | bytes] | None = None, message: str = "change"
    ) -> str:
        """Write `files`, commit all that changed, and return the commit's id."""
        self.write(files or {})
        self._commits += 1
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", f"--message={message}")
        return self.git("rev-parse", "HEAD")
