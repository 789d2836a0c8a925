"""GitLab as one Service."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct, field

from gitops_ci.forge.exchange import Exchange
from gitops_ci.forge.gitlab.branches import Branches
from gitops_ci.forge.gitlab.checks import Checks
from gitops_ci.forge.gitlab.contents import Contents
from gitops_ci.forge.gitlab.merging import Merger
from gitops_ci.forge.gitlab.part import Link
from gitops_ci.forge.gitlab.people import People
from gitops_ci.forge.gitlab.pulls import Pulls
from gitops_ci.forge.gitlab.settings import Settings
from gitops_ci.forge.gitlab.wire import GitlabWire
from gitops_ci.forge.port import GITLAB, Forge
from gitops_ci.forge.proposer import Proposer
from gitops_ci.git.remote import GitRemote, Remote
from gitops_ci.git.writing import GitWriter
from gitops_ci.model.ports import Clock


class GitlabAccess(Struct, frozen=True):
    """How a GitLab is reached. `server` is its address, which may have a path; `job` says that
    the token is a job's own. `verify` is a file with certificates to trust, or True;
    `environment` is where git looks up proxy and certificates. `read_only` refuses every
    write."""

    server: str
    token: str
    job: bool = False
    verify: bool | str = True
    environment: Mapping[str, str] = field(default_factory=dict)
    read_only: bool = False

    def __repr__(self) -> str:
        """Without the token."""
        return f"GitlabAccess({self.server!r})"


class GitlabService(Branches, Contents, Pulls, Merger, People, Checks, Settings):
    """Every job of a forge, on one project of a GitLab."""

    name = GITLAB

    @property
    def forge(self) -> Forge:
        """What proposes changes to this project."""
        return Proposer(self, self._git)

    @property
    def calls(self) -> int:
        """How many requests were made so far."""
        return self._api.calls

    @property
    def writes(self) -> int:
        """How many of them could change something."""
        return self._api.writes


def gitlab_service(
    access: GitlabAccess, repository: str, root: Path, clock: Clock, pause: Callable[[float], None]
) -> GitlabService:
    """The service for `group/project`, with the local repository around `root`. Raises
    UsageError."""
    wire = GitlabWire(access.server, access.token, job=access.job, verify=access.verify)
    user = "gitlab-ci-token" if access.job else "oauth2"
    pair = base64.b64encode(f"{user}:{access.token}".encode()).decode("ascii")
    url = f"{access.server.rstrip('/')}/{repository}.git"
    remote = Remote(url, lambda: f"Authorization: Basic {pair}", access.environment)
    exchange = Exchange(wire, clock, pause, read_only=access.read_only)
    git = GitWriter(root)
    remotes = GitRemote(root, remote)
    link = Link(access.server, repository, wire, exchange, git, remotes, clock, pause)
    return GitlabService(link)
