"""Files and history of a repository on GitHub."""

from __future__ import annotations

import base64

from gitops_ci.forge.github.part import Part, quoted
from gitops_ci.model.forge_errors import NotFoundError
from gitops_ci.model.pull_request import PullRequest


class Contents(Part):
    """Reads what the clone does not hold."""

    def file(self, path: str, revision: str) -> bytes | None:
        """The bytes of a file; None when there is none."""
        try:
            data = self._api.get(f"{self._repo}/contents/{quoted(path)}", ref=revision)
        except NotFoundError:
            return None
        if not isinstance(data, dict) or data.get("type") != "file":
            return None
        if data.get("encoding") != "base64":  # more than 1 MB
            data = self._api.get(f"{self._repo}/git/blobs/{data['sha']}")
        return base64.b64decode(data["content"])

    def first_parents(self, revision: str, most: int = 200) -> tuple[str, ...]:
        """The first-parent line; the API lists by date, so side branches are left out here."""
        line: list[str] = []
        parents: dict[str, str] = {}
        wanted = ""
        for data in self._api.pages(f"{self._repo}/commits", sha=revision):
            sha = str(data["sha"])
            parents[sha] = next((str(parent["sha"]) for parent in data["parents"]), "")
            wanted = wanted or sha
            while wanted in parents and len(line) < most:
                line.append(wanted)
                wanted = parents[wanted]
            if len(line) >= most or not wanted:
                break
        return tuple(line)

    def fetch(self, revision: str) -> str:
        """Bring a commit or branch here."""
        sha = str(self._api.get(f"{self._repo}/commits/{quoted(revision)}")["sha"])
        self._remote.fetch(sha, sha)
        return sha

    def bring(self, pull: PullRequest) -> None:
        """Bring the head of a pull request here; its own ref outlives the branch."""
        self._remote.fetch(f"refs/pull/{pull.number}/head", pull.head_sha, alone=True)
