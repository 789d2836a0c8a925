"""Which forge a run speaks to, and with which token.

Variables: docs.github.com "Variables reference"; docs.gitlab.com "Predefined CI/CD variables".
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gitops_ci.git.repository import Git
from gitops_ci.model.errors import UsageError
from gitops_ci.model.ports import Clock
from gitops_ci.output.sink import Sink
from gitops_ci.steps.context import Forge as Kind
from gitops_ci.steps.context import RunContext

if TYPE_CHECKING:  # client libraries are loaded when a forge is opened
    from gitops_ci.forge.github.wire import Address, AppKey
    from gitops_ci.forge.port import Forge, Service

_GITHUB_TOKENS = ("INPUT_TOKEN", "GH_TOKEN", "GITHUB_TOKEN")
_APP_IDS = ("INPUT_APP-ID", "GITOPS_CI_APP_ID")
_APP_KEYS = ("INPUT_APP-PRIVATE-KEY", "GITOPS_CI_APP_PRIVATE_KEY")
_CERTIFICATES = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
_GIT_CERTIFICATES = "GIT_SSL_CAINFO"


class RealForges:
    """Opens the forges that the variables of the run name. Their tokens never show."""

    def __init__(
        self,
        root: Path,
        clock: Clock,
        environ: Mapping[str, str],
        context: RunContext,
        sink: Sink,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._root, self._clock, self._pause = root, clock, pause
        self._environ, self._context, self._sink = environ, context, sink
        self._opened: dict[tuple[str, str], Service] = {}

    def open(self, name: str, repository: str = "") -> Forge:
        """The forge called `name`; `auto` is the one that the run belongs to, `local` on a
        person's machine. Raises UsageError without a token."""
        if name == "auto":
            kind = self._context.forge
            name = "local" if kind is Kind.NONE else kind.value
        if name == "local":
            from gitops_ci.forge.local import LocalForge
            from gitops_ci.git.writing import GitWriter

            return LocalForge(GitWriter(self._root), self._clock)
        service = self._service(name, repository)
        if service is None:
            names = "GITLAB_TOKEN" if name == "gitlab" else "GITHUB_TOKEN, or an app's id and key"
            raise UsageError(
                f"there is no token for the forge {name}", f"set {names}, or use --forge local"
            )
        return service.forge

    def service(self, repository: str = "") -> Service | None:
        """The forge that this run belongs to, None without a token."""
        kind = self._context.forge
        return None if kind is Kind.NONE else self._service(kind.value, repository)

    def _service(self, name: str, repository: str) -> Service | None:
        key = (name, repository)
        if key not in self._opened:
            made = self._github(repository) if name == "github" else self._gitlab(repository)
            if made is None:
                return None
            self._opened[key] = made
        return self._opened[key]

    def _github(self, repository: str) -> Service | None:
        credentials = self._github_credentials()
        if credentials is None:
            return None
        from gitops_ci.forge.github.service import GithubAccess, github_service

        address, path = self._github_place()
        access = GithubAccess(
            address, credentials, self._verify(), self._for_git(), read_only=self._read_only
        )
        return github_service(access, repository or path, self._root, self._clock, self._pause)

    def _github_credentials(self) -> str | AppKey | None:
        app, key = self._first(_APP_IDS), self._first(_APP_KEYS)
        if app and key:
            from gitops_ci.forge.github.wire import AppKey

            self._sink.redactor.register(key)
            return AppKey(app, key.replace("\\n", "\n"))
        token = self._first(_GITHUB_TOKENS)
        self._sink.redactor.register(token)
        return token or None

    def _github_place(self) -> tuple[Address, str]:
        """The addresses and `owner/name`: the runner's, else what the clone's remote says."""
        from gitops_ci.forge.github.wire import Address

        environ, host, path = self._environ, "", environ_path(self._environ, "GITHUB_REPOSITORY")
        if not path or "GITHUB_SERVER_URL" not in environ:
            host, told = self._remote()
            path = path or told
        if not path:
            raise UsageError("the repository on GitHub is unknown", "set GITHUB_REPOSITORY")
        own = host not in ("", "github.com")
        server = environ.get("GITHUB_SERVER_URL") or (f"https://{host}" if own else "")
        default = Address()
        api = environ.get("GITHUB_API_URL") or (f"https://{host}/api/v3" if own else default.api)
        graphql = environ.get("GITHUB_GRAPHQL_URL") or graphql_of(api)
        return Address(api, graphql, server or default.server), path

    def _gitlab(self, repository: str) -> Service | None:
        token = self._first(("GITLAB_TOKEN",))
        job = "" if token else self._environ.get("CI_JOB_TOKEN", "")
        self._sink.redactor.register(token or job)
        if not (token or job):
            return None
        from gitops_ci.forge.gitlab.service import GitlabAccess, gitlab_service

        server, path = self._environ.get("CI_SERVER_URL", ""), self._environ.get("CI_PROJECT_PATH")
        if not server or not path:
            host, told = self._remote()
            server, path = server or f"https://{host or 'gitlab.com'}", path or told
        if not path:
            raise UsageError("the project on GitLab is unknown", "set CI_PROJECT_PATH")
        access = GitlabAccess(
            server, token or job, bool(job), self._verify(), self._for_git(),
            read_only=self._read_only,
        )  # fmt: skip
        return gitlab_service(access, repository or path, self._root, self._clock, self._pause)

    @property
    def _read_only(self) -> bool:
        """Whether the run may write nothing: what it was started by is not trusted."""
        target = self._environ.get("GITHUB_EVENT_NAME") == "pull_request_target"
        return self._context.fork or target

    def _verify(self) -> bool | str:
        return self._first(_CERTIFICATES) or True

    def _for_git(self) -> Mapping[str, str]:
        """The variables for git, which has a name of its own for the certificates."""
        found = self._first(_CERTIFICATES)
        return {_GIT_CERTIFICATES: found, **self._environ} if found else self._environ

    def _first(self, names: tuple[str, ...]) -> str:
        return next((self._environ[name] for name in names if self._environ.get(name)), "")

    def _remote(self) -> tuple[str, str]:
        """Host and path of the clone's remote, both empty without one."""
        git = Git.discover(self._root)
        return place_of(git.remote_url()) if git is not None else ("", "")


def environ_path(environ: Mapping[str, str], name: str) -> str:
    """A repository's path from a variable, without slashes around it."""
    return environ.get(name, "").strip("/")


def place_of(url: str) -> tuple[str, str]:
    """Host and path of a remote: `https://host/path.git`, `ssh://git@host/path` or
    `git@host:path`."""
    if "://" not in url:
        before, colon, path = url.partition(":")
        return (before.rpartition("@")[2], _path(path)) if colon else ("", "")
    parts = urlsplit(url)
    return (parts.hostname or "", _path(parts.path)) if parts.hostname else ("", "")


def graphql_of(api: str) -> str:
    """The GraphQL address that belongs to a REST address: beside `/v3` on a server of one's own
    (docs.github.com "Forming calls with GraphQL")."""
    return f"{api.rstrip('/').removesuffix('/v3')}/graphql"


def _path(text: str) -> str:
    return text.strip("/").removesuffix(".git")
