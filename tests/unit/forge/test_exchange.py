"""Which calls are made again, after how long, and which never."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from gitops_ci.forge.exchange import Exchange, Reply, Request
from gitops_ci.model.forge_errors import (
    ForbiddenError,
    ForgeError,
    NotFoundError,
    RateLimitedError,
    RefusedError,
    UnauthorisedError,
    UnreachableError,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
OK = Reply(200, {}, {"id": 1})
BROKEN = Reply(502, {}, {"message": "Bad Gateway"})
CUT = UnreachableError("nobody there")


class Clock:
    def now(self) -> datetime:
        return NOW


class FakeWire:
    name = "Forge"

    def __init__(self, replies: Iterable[Reply | Exception], tokens: int = 0) -> None:
        self.replies, self.tokens = list(replies), tokens
        self.sent: list[Request] = []

    def send(self, request: Request) -> Reply:
        self.sent.append(request)
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    def renew(self) -> bool:
        self.tokens -= 1
        return self.tokens >= 0


def exchange(
    *replies: Reply | Exception, tokens: int = 0, read_only: bool = False
) -> tuple[Exchange, FakeWire, list[float]]:
    wire, pauses = FakeWire(replies, tokens), list[float]()
    return Exchange(wire, Clock(), pauses.append, read_only=read_only), wire, pauses


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_what_brings_about_a_state_is_sent_again(method: str) -> None:
    api, wire, _ = exchange(BROKEN, CUT, OK)
    assert api.ask(Request(method, "/x")).data == {"id": 1}
    assert len(wire.sent) == 3
    api, wire, _ = exchange(*[BROKEN] * 5)
    with pytest.raises(UnreachableError):
        api.ask(Request(method, "/x"))
    assert len(wire.sent) == 5


@pytest.mark.parametrize("lost", [BROKEN, CUT])
def test_a_post_is_looked_for_before_it_is_sent_again(lost: Reply | Exception) -> None:
    api, wire, _ = exchange(lost)
    assert api.make("/x", {}, lambda: "found", str) == "found"
    assert len(wire.sent) == 1
    api, wire, _ = exchange(lost, OK)
    assert api.make("/x", {}, lambda: None, lambda data: str(data["id"])) == "1"
    assert len(wire.sent) == 2


@pytest.mark.parametrize(
    ("status", "headers", "message", "wait"),
    [
        (403, {"retry-after": "7"}, "secondary rate limit", 7.0),
        (403, {}, "You have exceeded a secondary rate limit", 60.0),
        (429, {"retry-after": "3"}, "", 3.0),
        (429, {}, "", 60.0),
        (429, {"retry-after": "Thu, 01 Jan 2026 00:00:09 GMT"}, "", 9.0),
        (429, {"retry-after": "Wed, 31 Dec 2025 00:00:00 GMT"}, "", 0.0),
        (429, {"retry-after": "soon"}, "", 60.0),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1767225630"}, "", 31.0),
        (429, {"ratelimit-remaining": "0", "ratelimit-reset": "1767225600"}, "", 1.0),
    ],
    ids=[
        "403 with Retry-After",
        "403 without Retry-After",
        "429 with Retry-After",
        "429 without Retry-After",
        "a date",
        "a date that is over",
        "neither date nor number",
        "until the reset",
        "the reset is now",
    ],
)
def test_limits_are_waited_for(
    status: int, headers: dict[str, str], message: str, wait: float
) -> None:
    api, wire, pauses = exchange(Reply(status, headers, {"message": message}), OK)
    assert api.make("/x", {}, lambda: None, lambda data: data["id"]) == 1
    assert pauses[0] == wait
    assert len(wire.sent) == 2


def test_an_hour_is_not_waited_for() -> None:
    reset = str(int(NOW.timestamp()) + 3600)
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}
    api, _, pauses = exchange(Reply(403, headers, {"message": "API rate limit exceeded"}))
    with pytest.raises(RateLimitedError, match="fewer calls") as caught:
        api.get("/x")
    assert pauses == []
    assert caught.value.until is not None
    assert (caught.value.until - NOW).total_seconds() == 3601
    assert "01:00:01 UTC" in caught.value.hint


def test_waiting_has_an_end() -> None:
    limit = Reply(429, {"retry-after": "50"}, {})
    api, _, pauses = exchange(limit, OK, limit, OK, limit, OK)
    api.get("/x")
    api.get("/x")
    with pytest.raises(RateLimitedError):
        api.get("/x")
    assert pauses == [50.0, 50.0]


def test_a_token_is_renewed_once() -> None:
    no = Reply(401, {}, {"message": "Bad credentials"})
    api, wire, _ = exchange(no, OK, tokens=1)
    assert api.get("/x") == {"id": 1}
    api, wire, _ = exchange(no, no, tokens=5)
    with pytest.raises(UnauthorisedError):
        api.get("/x")
    assert len(wire.sent) == 2


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, RefusedError), (404, NotFoundError), (409, RefusedError), (422, RefusedError)],
)
def test_a_refusal_is_final(status: int, kind: type[ForgeError]) -> None:
    errors = [{"message": "No commits between"}]
    api, wire, _ = exchange(Reply(status, {}, {"message": "Validation Failed", "errors": errors}))
    with pytest.raises(kind, match="Validation Failed; No commits between") as caught:
        api.get("/x")
    assert caught.value.status == status
    assert len(wire.sent) == 1


def test_what_is_private_may_be_there_all_the_same() -> None:
    api, _, _ = exchange(Reply(404, {}, {"message": "Not Found"}))
    with pytest.raises(NotFoundError) as caught:
        api.get("/repos/org/private")
    assert caught.value.hint == "it is not there, or the token may not see it"


def test_a_missing_permission_is_named() -> None:
    headers = {"x-accepted-github-permissions": "contents=write; pull_requests=write"}
    api, _, _ = exchange(Reply(403, headers, {"message": "Resource not accessible"}))
    with pytest.raises(ForbiddenError) as caught:
        api.bring("PATCH", "/x", permission="less exact")
    assert caught.value.permission == "contents: write, pull_requests: write"
    api, _, _ = exchange(Reply(403, {}, {"message": "no"}))
    with pytest.raises(ForbiddenError) as caught:
        api.bring("PATCH", "/x", permission="contents: write")
    assert "`contents: write`" in caught.value.hint


def test_nothing_is_written_for_a_stranger() -> None:
    api, wire, _ = exchange(OK, OK, read_only=True)
    api.get("/x")
    api.ask(Request("POST", "/graphql", {}, {"query": "query{viewer{login}}"}))
    for request in (Request("POST", "/x"), Request("DELETE", "/x")):
        with pytest.raises(ForbiddenError, match="stranger"):
            api.ask(request)
    with pytest.raises(ForbiddenError):
        api.ask(Request("POST", "/graphql", {}, {"query": "mutation{x}"}))
    assert (len(wire.sent), api.calls, api.writes) == (2, 2, 0)


def test_pages_are_read_to_the_end() -> None:
    full, rest = Reply(200, {}, list(range(100))), Reply(200, {}, [100])
    api, wire, _ = exchange(full, rest)
    assert list(api.pages("/x", state="all")) == list(range(101))
    assert [request.query["page"] for request in wire.sent] == [1, 2]
    api, _, _ = exchange(Reply(200, {}, {"items": [1]}))
    assert list(api.pages("/x", inside="items")) == [1]
