"""What all parts of the GitLab adapter share."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable

from msgspec import Struct

from gitops_ci.forge.exchange import Exchange
from gitops_ci.forge.gitlab.wire import GitlabWire
from gitops_ci.git.remote import GitRemote
from gitops_ci.git.writing import GitWriter
from gitops_ci.model.ports import Clock


class Link(Struct, frozen=True):
    """The way to one project on a GitLab: its API, and its commits. `pause` waits."""

    server: str
    repository: str
    wire: GitlabWire
    exchange: Exchange
    git: GitWriter
    remote: GitRemote
    clock: Clock
    pause: Callable[[float], None]


class Part:
    """Calls about one project. It is named by its path: a job's token may not ask for its id."""

    def __init__(self, link: Link) -> None:
        self._link, self._api = link, link.exchange
        self._git, self._remote = link.git, link.remote
        self.server, self.repository = link.server, link.repository
        self._project = f"/projects/{quoted(link.repository)}"

    def _merge_request(self, number: int) -> str:
        return f"{self._project}/merge_requests/{number}"


def quoted(text: str) -> str:
    """A name as one segment of an address: its slashes are written out too."""
    return urllib.parse.quote(text, safe="")
