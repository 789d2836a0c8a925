"""A refused call as the error that says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gitops_ci.model.forge_errors import (
    ForbiddenError,
    ForgeError,
    NotFoundError,
    RefusedError,
    StaleError,
    UnauthorisedError,
    UnreachableError,
)
from gitops_ci.output.terminal import visible

if TYPE_CHECKING:
    from gitops_ci.forge.exchange import Reply

_MOST_WORDS = 300


def error_of(
    forge: str, method: str, path: str, reply: Reply, permission: str
) -> ForgeError | StaleError:
    """The error for a reply of status 400 or more. `permission` is what the call needs, in the
    forge's words; a header of GitHub's that says so counts more."""
    status = reply.status
    where = f"{forge}: {method} {path}"
    words = message_in(reply.data)
    said = f"{where}: {words or 'no reason given'} ({status})"
    if status == 401:
        hint = "the token is wrong or has expired; is the right one handed to this step?"
        return UnauthorisedError(said, hint, status=status)
    if status == 403:
        # docs.github.com "Troubleshooting the REST API", "Resource not accessible"
        told = reply.headers.get("x-accepted-github-permissions", "")
        lacking = told.replace("=", ": ").replace(";", ",") or permission
        hint = f"give the token `{lacking}`" if lacking else "the token may not do this"
        return ForbiddenError(said, hint, status=status, permission=lacking)
    if status == 404:
        hint = "it is not there, or the token may not see it"
        return NotFoundError(said, hint, status=status)
    if status >= 500 or status == 408:
        return UnreachableError(said, "try again later", status=status)
    return RefusedError(said, status=status)


def message_in(data: Any) -> str:
    """What an error's body says, on one line: GitHub's `message` with its `errors`, GitLab's
    `message` or `error`."""
    if not isinstance(data, dict):
        return visible(str(data or ""))[:_MOST_WORDS]
    parts = [_words(data.get(key)) for key in ("message", "error", "errors")]
    return visible("; ".join(part for part in parts if part))[:_MOST_WORDS]


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_words, value)))
    if isinstance(value, dict):
        if "message" in value:
            return _words(value["message"])
        return ", ".join(f"{key} {_words(item)}" for key, item in value.items())
    return "" if value is None else str(value)
