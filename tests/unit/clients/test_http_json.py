"""Values of a document, against a server of this machine."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gitops_ci.clients.http_json import values
from gitops_ci.model.errors import EndpointError
from gitops_ci.net.http import Answer, HttpError
from tests.support.registry import Reply, Seen, served

BODY = b'{"parts": [{"ok": true}, {"ok": false}]}'


def test_the_values_at_a_path() -> None:
    def answer(seen: Seen) -> Reply:
        assert seen.headers["Authorization"] == "Bearer secret"
        return Reply(200, BODY)

    with served(answer) as host:
        assert values(f"http://{host}/x?a=b", "$.parts[*].ok", "secret") == (True, False)


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (302, b"", "answers 302, and redirects are not followed"),
        (404, BODY, "answers 404"),
        (204, b"", "answers 204"),
        (200, b"<html>", "answers 200, and no JSON"),
        (200, b"[" * 100_000, "no JSON"),
        (200, b"1" * 5_000, "no JSON"),
        (200, b"\xff", "no JSON"),
        (200, b"x" * (2**20 + 1), "larger than"),
    ],
)
def test_every_other_answer_is_none(status: int, body: bytes, why: str) -> None:
    location = {"Location": "http://127.0.0.1:1/"}
    with (
        served(lambda _: Reply(status, body, location)) as host,
        pytest.raises(EndpointError, match=why) as caught,
    ):
        values(f"http://{host}/x?key=1", "$")
    assert "key" not in str(caught.value)


def test_too_much_is_no_answer() -> None:
    body = b"[" * 200 + b"]" * 200
    with (
        served(lambda _: Reply(200, body)) as host,
        pytest.raises(EndpointError, match="more than 1,000,000 values"),
    ):
        values(f"http://{host}/", "$..*..*..*..*")


def test_nobody_there() -> None:
    def fetch(url: str, headers: Mapping[str, str]) -> Answer:
        assert "Authorization" not in headers
        raise HttpError(f"{url}: timed out")

    with pytest.raises(EndpointError, match="timed out"):
        values("https://h.example/", "$", fetch=fetch)
