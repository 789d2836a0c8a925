"""GitHub as one Service."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct, field

from gitops_ci.forge.exchange import Exchange
from gitops_ci.forge.github.branches import Branches
from gitops_ci.forge.github.checks import Checks
from gitops_ci.forge.github.contents import Contents
from gitops_ci.forge.github.merging import Merger
from gitops_ci.forge.github.part import Link
from gitops_ci.forge.github.people import People
from gitops_ci.forge.github.pulls import Pulls
from gitops_ci.forge.github.settings import Settings
from gitops_ci.forge.github.talk import Talk
from gitops_ci.forge.github.wire import Address, AppKey, GithubWire
from gitops_ci.forge.port import GITHUB, Forge
from gitops_ci.forge.proposer import Proposer
from gitops_ci.git.remote import GitRemote, Remote
from gitops_ci.git.writing import GitWriter
from gitops_ci.model.ports import Clock


class GithubAccess(Struct, frozen=True):
    """How a GitHub is reached. `verify` is a file with certificates to trust, or True;
    `environment` is where git looks up proxy and certificates. `read_only` refuses every write."""

    address: Address
    credentials: str | AppKey
    verify: bool | str = True
    environment: Mapping[str, str] = field(default_factory=dict)
    read_only: bool = False

    def __repr__(self) -> str:
        """Without the credentials."""
        return f"GithubAccess({self.address!r})"


class GithubService(Branches, Contents, Pulls, Merger, People, Checks, Talk, Settings):
    """Every job of a forge, on one repository of a GitHub."""

    name = GITHUB

    @property
    def forge(self) -> Forge:
        """What proposes changes to this repository."""
        return Proposer(self, self._git)

    @property
    def calls(self) -> int:
        """How many requests were made so far."""
        return self._api.calls

    @property
    def writes(self) -> int:
        """How many of them could change something."""
        return self._api.writes


def github_service(
    access: GithubAccess, repository: str, root: Path, clock: Clock, pause: Callable[[float], None]
) -> GithubService:
    """The service for `owner/name`, with the local repository around `root`. Raises UsageError."""
    wire = GithubWire(access.address, access.credentials, repository, clock, verify=access.verify)
    url = f"{access.address.server.rstrip('/')}/{repository}.git"
    remote = Remote(url, lambda: _header(wire), access.environment)
    exchange = Exchange(wire, clock, pause, read_only=access.read_only)
    server = access.address.server
    link = Link(server, repository, wire, exchange, GitWriter(root), GitRemote(root, remote), pause)
    return GithubService(link)


def _header(wire: GithubWire) -> str:
    """The header for git over HTTP, with the token as it is now."""
    pair = f"x-access-token:{wire.current_token()}".encode()
    return f"Authorization: Basic {base64.b64encode(pair).decode('ascii')}"
