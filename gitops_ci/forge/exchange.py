"""Calls to a forge's API: counted, with the repetitions that are safe and no others.

What may be asked again: every read, and every write that brings about a state (PUT, PATCH,
DELETE). A POST makes something new, so it is never sent blindly twice: after a broken answer the
caller's `lost` looks whether the thing is there. Refusals for too many calls were not carried out,
so they are waited for, MOST_WAIT seconds in all.

Sources: docs.github.com "Rate limits for the REST API", docs.gitlab.com "Rate limits"; RFC 9110
section 10.2.3 (Retry-After is seconds or a date).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Protocol, TypeVar

from msgspec import Struct, field

from gitops_ci.forge.refusal import error_of, message_in
from gitops_ci.model.forge_errors import (
    ForbiddenError,
    RateLimitedError,
    UnauthorisedError,
    UnreachableError,
)
from gitops_ci.model.ports import Clock

MOST_TRIES = 5
MOST_WAIT = 120.0
_SECONDARY = 60.0
_FIRST_PAUSE = 0.5
_BETWEEN_WRITES = 0.25
_PER_PAGE = 100
_MOST_PAGES = 1000
_READS = frozenset({"GET", "HEAD"})

T = TypeVar("T")


class Request(Struct, frozen=True):
    """One call. `path` begins with a slash and is relative to the API's address."""

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None


class Reply(Struct, frozen=True):
    """What came back: names of headers in lower case, `data` the decoded JSON, or the text."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    data: Any = None


class Wire(Protocol):
    """Sends one request, once. The client libraries sit behind it, with their own repetitions
    turned off."""

    name: str

    def send(self, request: Request) -> Reply:
        """The reply, whatever its status. Raises UnreachableError when none came."""
        ...

    def renew(self) -> bool:
        """Get a new token after the old one was refused. False when there is no way to."""
        ...


class Exchange:
    """All calls of one run to one forge. With `read_only` none of them can change anything."""

    def __init__(
        self,
        wire: Wire,
        clock: Clock,
        pause: Callable[[float], None],
        chance: random.Random | None = None,
        *,
        read_only: bool = False,
    ) -> None:
        self._wire, self._clock, self._pause = wire, clock, pause
        self._chance = chance or random.Random()  # noqa: S311 - spreads calls, protects nothing
        self._waited, self._read_only = 0.0, read_only
        self.name = wire.name
        self.calls = 0
        self.writes = 0

    def get(self, path: str, /, **query: Any) -> Any:
        """What a GET gives. Raises ForgeError."""
        return self.ask(Request("GET", path, query)).data

    def pages(self, path: str, /, *, inside: str = "", **query: Any) -> Iterator[Any]:
        """The items of every page; `inside` is the key that holds them, where they are wrapped.
        The next page is read when it is needed."""
        for page in range(1, _MOST_PAGES + 1):
            sized = {**query, "per_page": _PER_PAGE, "page": page}
            data = self.ask(Request("GET", path, sized)).data
            items = data.get(inside, ()) if inside and isinstance(data, dict) else data
            if not isinstance(items, list):
                return
            yield from items
            if len(items) < _PER_PAGE:
                return

    def bring(self, method: str, path: str, body: Any = None, *, permission: str = "") -> Any:
        """The answer to a PUT, PATCH or DELETE, which may be sent again."""
        return self.ask(Request(method, path, {}, body), permission=permission).data

    def make(
        self,
        path: str,
        body: Any,
        lost: Callable[[], T | None],
        read: Callable[[Any], T],
        *,
        permission: str = "",
    ) -> T:
        """What a POST made, as `read` understands the answer. `lost` finds it when the answer got
        lost; None means that it was not made."""
        request = Request("POST", path, {}, body)
        for attempt in range(1, MOST_TRIES + 1):
            try:
                return read(self._settled(request, permission).data)
            except UnreachableError:
                found = lost()
                if found is not None:
                    return found
                if attempt == MOST_TRIES:
                    raise
                self._back_off(attempt)
        raise AssertionError("unreachable")

    def ask(self, request: Request, *, permission: str = "") -> Reply:
        """The reply to a request that may be sent again. Raises ForgeError."""
        for attempt in range(1, MOST_TRIES + 1):
            try:
                return self._settled(request, permission)
            except UnreachableError:
                if attempt == MOST_TRIES:
                    raise
                self._back_off(attempt)
        raise AssertionError("unreachable")

    def _settled(self, request: Request, permission: str) -> Reply:
        """The reply once the forge neither wants fewer calls nor another token."""
        renewed = False
        for attempt in range(1, MOST_TRIES + 1):
            reply = self._send(request)
            if reply.status < 400:
                return reply
            wait = self._wanted_wait(reply, attempt)
            error = error_of(self.name, request.method, request.path, reply, permission)
            if wait is None:
                if isinstance(error, UnauthorisedError) and not renewed and self._wire.renew():
                    renewed = True
                    continue
                raise error
            if attempt == MOST_TRIES or self._waited + wait > MOST_WAIT:
                until = self._clock.now() + timedelta(seconds=wait)
                raise RateLimitedError(
                    f"{self.name} wants fewer calls: {message_in(reply.data)}",
                    f"it answers again at {until.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC",
                    status=reply.status,
                    until=until,
                )
            self._wait(wait)
        raise AssertionError("unreachable")

    def _send(self, request: Request) -> Reply:
        if request.method not in _READS and not _is_query(request):
            if self._read_only:
                raise ForbiddenError(
                    f"{self.name}: a run for the change of a stranger writes nothing",
                    "this is a fork's pull request, or the event is pull_request_target",
                )
            if self.writes:  # docs.github.com "Best practices": not all writes at once
                self._pause(_BETWEEN_WRITES)
            self.writes += 1
        self.calls += 1
        return self._wire.send(request)

    def _wanted_wait(self, reply: Reply, attempt: int) -> float | None:
        """For how many seconds the forge wants silence; None when that is not its complaint."""
        headers = reply.headers
        if reply.status not in (403, 429):
            return None
        if "retry-after" in headers:
            return self._after(headers["retry-after"])
        spent = headers.get("x-ratelimit-remaining", headers.get("ratelimit-remaining")) == "0"
        reset = headers.get("x-ratelimit-reset", headers.get("ratelimit-reset", ""))
        if spent and reset.isdecimal():
            return max(float(reset) - self._clock.now().timestamp(), 0.0) + 1.0
        if reply.status == 429 or "rate limit" in message_in(reply.data).lower():
            return _SECONDARY * 2.0 ** (attempt - 1)
        return None

    def _after(self, value: str) -> float:
        text = value.strip()
        if text.isdecimal():
            return float(text)
        try:
            moment: datetime = parsedate_to_datetime(text)
        except (TypeError, ValueError):
            return _SECONDARY
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max((moment - self._clock.now()).total_seconds(), 0.0)

    def _back_off(self, attempt: int) -> None:
        self._wait(_FIRST_PAUSE * 2.0 ** (attempt - 1) * (0.5 + self._chance.random()))

    def _wait(self, seconds: float) -> None:
        self._waited += seconds
        self._pause(seconds)


def _is_query(request: Request) -> bool:
    """Whether a POST only reads: a GraphQL query."""
    body = request.body
    return isinstance(body, dict) and str(body.get("query", "")).lstrip().startswith("query")
