from __future__ import annotations

import io
import urllib.error
import urllib.request
from email.message import Message
from typing import IO

import pytest

from gitops_ci.net.download import DownloadError, _OnlyHttps, download

URL = "https://example.org/tool.tar.gz"


def _answers(data: bytes):
    def open_(request: urllib.request.Request, timeout: float) -> IO[bytes]:
        assert request.full_url == URL
        assert timeout > 0
        return io.BytesIO(data)

    return open_


def _fails(error: Exception):
    def open_(request: urllib.request.Request, timeout: float) -> IO[bytes]:
        raise error

    return open_


def test_the_bytes_come_back() -> None:
    assert download(URL, opener=_answers(b"x" * 200_000)) == b"x" * 200_000


@pytest.mark.parametrize("url", ["http://example.org/a", "file:///etc/hostname", "ftp://x/y", "x"])
def test_only_https_is_opened(url: str) -> None:
    with pytest.raises(DownloadError, match="only https"):
        download(url, opener=_fails(AssertionError()))


def test_a_redirect_to_another_scheme_is_refused() -> None:
    handler, request = _OnlyHttps(), urllib.request.Request(URL)
    with pytest.raises(DownloadError, match="only https"):
        handler.redirect_request(request, io.BytesIO(), 302, "Found", Message(), "file:///etc/x")
    followed = handler.redirect_request(
        request, io.BytesIO(), 302, "Found", Message(), "https://other.example/a"
    )
    assert followed is not None
    assert followed.full_url == "https://other.example/a"


def test_too_much_is_refused() -> None:
    with pytest.raises(DownloadError, match="larger than"):
        download(URL, limit=100_000, opener=_answers(b"x" * 200_000))


@pytest.mark.parametrize(
    "error",
    [urllib.error.URLError("no route to host"), TimeoutError("timed out"), ConnectionResetError()],
)
def test_a_failed_transfer_names_the_address(error: Exception) -> None:
    with pytest.raises(DownloadError, match=URL):
        download(URL, opener=_fails(error))
