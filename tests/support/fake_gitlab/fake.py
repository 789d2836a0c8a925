"""A GitLab on this machine, with a real repository behind it."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path

from tests.support.fake_gitlab.rest import Rest, says
from tests.support.fake_gitlab.state import PROJECT, State
from tests.support.forges.bare import Bare, GitHttp
from tests.support.forges.calls import Answer, Call
from tests.support.forges.server import ForgeServer, Judge

TOKEN = "token-1"


class FakeGitlab:
    """Serves a copy of the bare repository `origin`, below the path /sub of its server."""

    def __init__(self, folder: Path, origin: Path, judge: Judge | None = None) -> None:
        place = folder / f"{PROJECT}.git"
        shutil.copytree(origin, place)
        self.bare = Bare(place)
        self.state = State(self.bare)
        self.tokens = {TOKEN}
        self._git = GitHttp(place)
        self.server = ForgeServer("/sub/api/v4", self._serve_git, judge)
        self.server.allowed = self._allowed
        self.rest = Rest(self.state, self.server.routes)

    @property
    def pages(self) -> str:
        return f"{self.server.url}/sub"

    def close(self) -> None:
        self.server.close()

    def _allowed(self, call: Call) -> Answer | None:
        token = call.headers.get("private-token") or call.headers.get("job-token")
        return None if token in self.tokens else says(401, "401 Unauthorized")

    def _serve_git(self, call: Call) -> Answer:
        kind, _, text = call.headers.get("authorization", "").partition(" ")
        token = base64.b64decode(text).decode().partition(":")[2]
        if kind != "Basic" or token not in self.tokens:
            return Answer(401, b"no", {"WWW-Authenticate": "Basic realm=git"})
        return self._git(call)
