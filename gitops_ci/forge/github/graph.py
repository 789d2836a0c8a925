"""GitHub's GraphQL API: queries, and mutations that are not repeated blindly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gitops_ci.forge.exchange import Exchange, Request
from gitops_ci.forge.refusal import message_in
from gitops_ci.model.forge_errors import (
    ForbiddenError,
    ForgeError,
    NotFoundError,
    RateLimitedError,
    RefusedError,
    StaleError,
)

_ENDPOINT = "/graphql"


class Graph:
    """GraphQL over an exchange."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def query(self, text: str, **variables: Any) -> Any:
        """The data of a query. Raises ForgeError."""
        body = {"query": text, "variables": variables}
        return _data(self._exchange.ask(Request("POST", _ENDPOINT, {}, body)).data)

    def mutate(
        self,
        text: str,
        done: Callable[[], str | None],
        *,
        permission: str = "",
        **variables: Any,
    ) -> Any:
        """The data of a mutation, or what `done` returns: it looks whether the mutation happened
        when the answer got lost. Raises ForgeError, StaleError."""
        body = {"query": text, "variables": variables}
        return self._exchange.make(_ENDPOINT, body, done, _data, permission=permission)

    def nodes(self, text: str, way: tuple[str, ...], **variables: Any) -> Iterator[Any]:
        """The nodes of every page of the connection at `way`. The query takes `$after` and asks
        for `pageInfo`."""
        after: str | None = None
        while True:
            found = self.query(text, **variables, after=after)
            for step in way:
                found = (found or {}).get(step)
            if found is None:
                raise NotFoundError(f"GitHub has no {'/'.join(way)}", status=404)
            yield from (node for node in found["nodes"] if node is not None)
            if not found["pageInfo"]["hasNextPage"]:
                return
            after = found["pageInfo"]["endCursor"]


def _data(answer: Any) -> Any:
    errors = answer.get("errors") if isinstance(answer, dict) else None
    if errors:
        raise _error(errors)
    return answer["data"]


def _error(errors: Any) -> ForgeError | StaleError:
    """GraphQL answers with status 200 and says in `type` what is wrong."""
    first = errors[0] if isinstance(errors, list) and isinstance(errors[0], dict) else {}
    kind = str(first.get("type", ""))
    text = f"GitHub: {message_in(first) or 'the query failed'}"
    if kind == "STALE_DATA":
        return StaleError(text, "run again")
    if kind == "NOT_FOUND":
        return NotFoundError(text, "it is not there, or the token may not see it", status=404)
    if kind in ("FORBIDDEN", "INSUFFICIENT_SCOPES"):
        return ForbiddenError(text, "the token may not do this")
    if kind == "RATE_LIMITED":
        return RateLimitedError(text, "try again later")
    return RefusedError(text, status=422)
