"""One exchange, bounded: against a server of this machine."""

from __future__ import annotations

import pytest

from gitops_ci.net.http import HttpError, get, is_metadata, shown
from tests.support.registry import Reply, Seen, free_port, served


def test_an_answer_has_status_headers_and_body() -> None:
    def answer(seen: Seen) -> Reply:
        assert seen.headers["User-Agent"] == "gitops-ci"
        return Reply(404, b"no", {"X-Why": "because"})

    with served(answer) as host:
        got = get(f"http://{host}/x", {}, limit=10)
    assert (got.status, got.body, got.headers["x-why"]) == (404, b"no", "because")


def test_a_redirect_is_the_callers_business() -> None:
    with served(lambda _: Reply(302, b"", {"Location": "https://elsewhere.example/"})) as host:
        got = get(f"http://{host}/", {"Authorization": "x"}, limit=10)
    assert (got.status, got.headers["location"]) == (302, "https://elsewhere.example/")


@pytest.mark.parametrize("status", [200, 500])
def test_a_long_answer_is_cut_off(status: int) -> None:
    with served(lambda _: Reply(status, b"x" * 1000)) as host:
        with pytest.raises(HttpError, match="larger than 999 bytes"):
            get(f"http://{host}/", {}, limit=999)
        assert len(get(f"http://{host}/", {}, limit=1000).body) == 1000


def test_a_body_that_ends_too_early_is_no_answer() -> None:
    with (
        served(lambda _: Reply(200, b"half", {"Content-Length": "100"})) as host,
        pytest.raises(HttpError),
    ):
        get(f"http://{host}/", {}, limit=1000, timeout=2)


@pytest.mark.parametrize(
    "url", ["http://registry.example/", "ftp://127.0.0.1/", "file:///etc/passwd", "//x", "", "x"]
)
def test_only_tls_or_this_machine(url: str) -> None:
    with pytest.raises(HttpError, match="only https"):
        get(url, {}, limit=10)


@pytest.mark.parametrize(
    "host",
    ["169.254.169.254", "169.254.0.1:8443", "[fe80::1]", "[fe80::1%25eth0]", "[fd00:ec2::254]",
     "[::ffff:169.254.169.254]", "100.100.100.200", "192.0.0.192"],
)  # fmt: skip
def test_metadata_of_machines_is_not_asked(host: str) -> None:
    with pytest.raises(HttpError, match="metadata"):
        get(f"https://{host}/latest", {}, limit=10)


@pytest.mark.parametrize("host", ["10.0.0.1", "192.168.1.1", "8.8.8.8", "::1", "name.example", ""])
def test_other_addresses_may_be(host: str) -> None:
    assert not is_metadata(host)


def test_nobody_there_is_an_error_with_the_address() -> None:
    with pytest.raises(HttpError, match=r"127\.0\.0\.1"):
        get(f"http://127.0.0.1:{free_port()}/", {}, limit=10)


def test_a_shown_address_holds_no_secret() -> None:
    assert shown("https://user:pass@host.example/a?token=x") == "https://host.example/a"
