"""python-gitlab's client as a Wire: its connections and authentication, none of its retries."""

from __future__ import annotations

import json
from typing import Any

import gitlab
import requests
from gitlab.exceptions import GitlabError

from gitops_ci.forge.exchange import Reply, Request
from gitops_ci.forge.gitlab.diff_notes import ENDPOINT
from gitops_ci.model.forge_errors import UnreachableError

_TIMEOUT = 30.0


class GitlabWire:
    """Sends requests to the API below `server` with a token."""

    name = "GitLab"

    def __init__(
        self,
        server: str,
        token: str,
        *,
        job: bool = False,
        verify: bool | str = True,
    ) -> None:
        self.token, self.is_job = token, job
        self._graphql = f"{server.rstrip('/')}/api/graphql"
        self._seen: list[requests.Response] = []
        session = requests.Session()
        session.hooks["response"].append(self._remember)
        self._client = gitlab.Gitlab(
            server.rstrip("/"),
            private_token=None if job else token,
            job_token=token if job else None,
            ssl_verify=verify,
            timeout=_TIMEOUT,
            user_agent="gitops-ci",
            keep_base_url=True,
            retry_transient_errors=False,
            session=session,
        )

    def send(self, request: Request) -> Reply:
        """The reply. Raises UnreachableError."""
        self._seen.clear()
        try:
            self._client.http_request(
                request.method.lower(),
                self._graphql if request.path == ENDPOINT else request.path,
                query_data={key: value for key, value in request.query.items()
                            if value is not None},
                post_data=request.body,
                obey_rate_limit=False,  # it sleeps for hours, and trips over dates: see Exchange
                max_retries=0,
            )  # fmt: skip
        except GitlabError as error:
            if not self._seen:
                raise UnreachableError(f"GitLab does not answer: {error}") from error
        except (requests.RequestException, OSError) as error:
            raise UnreachableError(f"GitLab does not answer: {type(error).__name__}") from error
        if not self._seen:
            raise UnreachableError("GitLab does not answer")
        answer = self._seen[-1]
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status_code, headers, _decoded(answer, headers))

    def renew(self) -> bool:
        """GitLab's tokens cannot be renewed from here."""
        return False

    def _remember(self, response: requests.Response, *_: Any, **__: Any) -> None:
        self._seen.append(response)


def _decoded(answer: requests.Response, headers: dict[str, str]) -> Any:
    if not answer.content:
        return None
    if "json" not in headers.get("content-type", ""):
        return answer.content
    try:
        return json.loads(answer.content)
    except ValueError as error:
        if answer.status_code < 400:
            raise UnreachableError("GitLab answers with what is no JSON") from error
        return answer.text
