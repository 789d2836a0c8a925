"""What all parts of the GitHub adapter share."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable

from msgspec import Struct

from gitops_ci.forge.exchange import Exchange
from gitops_ci.forge.github.graph import Graph
from gitops_ci.forge.github.wire import GithubWire
from gitops_ci.git.remote import GitRemote
from gitops_ci.git.writing import GitWriter


class Link(Struct, frozen=True):
    """The way to one repository on a GitHub: its API, and its commits. `pause` waits."""

    server: str
    repository: str
    wire: GithubWire
    exchange: Exchange
    git: GitWriter
    remote: GitRemote
    pause: Callable[[float], None]


class Part:
    """Calls about one repository."""

    def __init__(self, link: Link) -> None:
        self._link, self._api, self._graph = link, link.exchange, Graph(link.exchange)
        self._git, self._remote = link.git, link.remote
        self.server, self.repository = link.server, link.repository
        self._repo = f"/repos/{quoted(link.repository)}"
        self._owner, _, self._short = link.repository.partition("/")


def quoted(text: str) -> str:
    """A name as a part of an address; its slashes stay."""
    return urllib.parse.quote(text, safe="/")
