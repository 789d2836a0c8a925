"""PyGithub's client as a Wire: its connections, authentication and JSON, none of its retries."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import github
import requests
from github import Auth
from msgspec import Struct

from gitops_ci.forge.exchange import Reply, Request
from gitops_ci.model.errors import UsageError
from gitops_ci.model.forge_errors import UnauthorisedError, UnreachableError
from gitops_ci.model.ports import Clock

_TIMEOUT = 30
_EARLY = timedelta(minutes=5)


class Address(Struct, frozen=True):
    """Where a GitHub is: the addresses of its REST and GraphQL APIs and of its pages."""

    api: str = "https://api.github.com"
    graphql: str = "https://api.github.com/graphql"
    server: str = "https://github.com"


class AppKey(Struct, frozen=True):
    """A GitHub App's credentials: its id (or client id) and private key in PEM."""

    app_id: str
    key: str

    def __repr__(self) -> str:
        """Without the key."""
        return f"AppKey({self.app_id!r})"


class GithubWire:
    """Sends requests with a token, or as an installation of an app."""

    name = "GitHub"

    def __init__(
        self,
        address: Address,
        credentials: str | AppKey,
        repository: str,
        clock: Clock,
        *,
        verify: bool | str = True,
    ) -> None:
        self._address, self._clock = address, clock
        self._app = credentials if isinstance(credentials, AppKey) else None
        self._repository = repository
        self._until: datetime | None = None
        token = credentials if isinstance(credentials, str) else ""
        self.token = token
        self._requester = github.Github(
            auth=Auth.Token(token or "none"),
            base_url=address.api.rstrip("/"),
            timeout=_TIMEOUT,
            user_agent="gitops-ci",
            verify=verify,
            retry=None,  # a POST would be sent twice after a 502, a PATCH never: see Exchange
            seconds_between_requests=None,
            seconds_between_writes=None,
        ).requester

    @property
    def is_app(self) -> bool:
        """Whether calls are made as an installation of an app."""
        return self._app is not None

    @property
    def expires(self) -> datetime | None:
        """When the installation token ends; None for another token."""
        return self._until

    def send(self, request: Request) -> Reply:
        """The reply. Raises UnreachableError."""
        self.current_token()
        return self._send(request, self._requester)

    def current_token(self) -> str:
        """The token, a new one if the app's ends soon. Raises UnauthorisedError."""
        ends = self._until
        if self._app is not None and (ends is None or self._clock.now() > ends - _EARLY):
            self.renew()
        return self.token

    def renew(self) -> bool:
        """A new installation token for the app; False for another token. Raises
        UnauthorisedError when the app cannot have one."""
        if self._app is None:
            return False
        signed = self._requester.withAuth(Auth.AppAuthToken(_jwt(self._app)))
        found = self._send(Request("GET", f"/repos/{self._repository}/installation"), signed)
        if found.status != 200:
            raise UnauthorisedError(
                f"the app {self._app.app_id} is not installed on {self._repository}, or its key "
                f"is wrong ({found.status})",
                "install it there, and look at its id and key",
                status=found.status,
            )
        path = f"/app/installations/{found.data['id']}/access_tokens"
        body = {"repositories": [self._repository.partition("/")[2]]}
        made = self._send(Request("POST", path, {}, body), signed)
        if made.status != 201:
            raise UnauthorisedError(
                f"GitHub gives the app no token for {self._repository} ({made.status})",
                status=made.status,
            )
        self.token = str(made.data["token"])
        self._until = datetime.fromisoformat(str(made.data["expires_at"]))
        self._requester = self._requester.withAuth(Auth.Token(self.token))
        return True

    def _send(self, request: Request, requester: Any) -> Reply:
        path = self._address.graphql if request.path == "/graphql" else request.path
        try:
            status, headers, text = requester.requestJson(
                request.method,
                path,
                {key: value for key, value in request.query.items() if value is not None},
                {"Accept": "application/vnd.github+json"},
                request.body,
            )
        except (requests.RequestException, OSError) as error:
            raise UnreachableError(f"GitHub does not answer: {type(error).__name__}") from error
        lower = {str(name).lower(): str(value) for name, value in headers.items()}
        return Reply(status, lower, _decoded(text, status))


def _decoded(text: str, status: int) -> Any:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError as error:
        if status < 400:
            raise UnreachableError("GitHub answers with what is no JSON") from error
        return text


def _jwt(app: AppKey) -> str:
    try:
        return Auth.AppAuth(app.app_id, app.key).create_jwt()
    except Exception as error:  # the libraries below raise what they like for a broken key
        raise UsageError(
            f"the private key of the app {app.app_id} cannot be used: {type(error).__name__}",
            "hand over the PEM file as GitHub made it, with its line ends",
        ) from error
