"""A GitHub on this machine, with a real repository behind it."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path

from tests.support.fake_github.graphql import GraphQL
from tests.support.fake_github.rest import Rest, plain
from tests.support.fake_github.state import NAME, OWNER, State
from tests.support.forges.bare import Bare, GitHttp
from tests.support.forges.calls import Answer, Call
from tests.support.forges.server import ForgeServer, Judge

TOKEN = "token-1"


class FakeGithub:
    """Serves a copy of the bare repository `origin`. Its API lies below /sub/api/v3, as on a
    server whose address has a path."""

    def __init__(self, folder: Path, origin: Path, judge: Judge | None = None) -> None:
        place = folder / OWNER / f"{NAME}.git"
        shutil.copytree(origin, place)
        self.bare = Bare(place)
        self.state = State(self.bare)
        self._git = GitHttp(place)
        self.server = ForgeServer("/sub/api/v3", self._serve_git, judge)
        self.server.allowed = self._allowed
        self.rest = Rest(self.state, self.server.routes)
        self.server.routes.add("POST", "/graphql", GraphQL(self.state))

    @property
    def api(self) -> str:
        return f"{self.server.url}/sub/api/v3"

    @property
    def graphql(self) -> str:
        return f"{self.server.url}/sub/api/graphql"

    @property
    def pages(self) -> str:
        return f"{self.server.url}/sub"

    def close(self) -> None:
        self.server.close()

    def _allowed(self, call: Call) -> Answer | None:
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        if call.path.endswith(("/installation", "/access_tokens")):
            fits = scheme == "Bearer" and token.count(".") == 2
        else:
            fits = token in self.state.tokens
        return None if fits else plain(401, "Bad credentials")

    def _serve_git(self, call: Call) -> Answer:
        kind, _, text = call.headers.get("authorization", "").partition(" ")
        user, _, token = base64.b64decode(text).decode().partition(":")
        if kind != "Basic" or user != "x-access-token" or token not in self.state.tokens:
            return Answer(401, b"no", {"WWW-Authenticate": "Basic realm=git"})
        return self._git(call)
