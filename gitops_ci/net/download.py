"""Fetch one file over HTTPS. Proxy and certificate settings come from the environment, as urllib
and OpenSSL read them (HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE)."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from typing import IO, Any

DEFAULT_LIMIT = 256 * 2**20
_CHUNK = 2**16
_USER_AGENT = "gitops-ci"


class DownloadError(OSError):
    """The file could not be fetched; the message says why and names the address."""


Open = Callable[[urllib.request.Request, float], IO[bytes]]


class _OnlyHttps(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Any,
        url: str,
    ) -> urllib.request.Request | None:
        _require_https(url)
        return super().redirect_request(req, fp, code, msg, headers, url)


def _open(request: urllib.request.Request, timeout: float) -> IO[bytes]:
    opener = urllib.request.build_opener(_OnlyHttps())
    answer: IO[bytes] = opener.open(request, timeout=timeout)
    return answer


def download(
    url: str, *, limit: int = DEFAULT_LIMIT, timeout: float = 300.0, opener: Open = _open
) -> bytes:
    """The bytes at `url`, at most `limit` of them, within `timeout` seconds. Raises
    DownloadError, also for an address or redirect that is not https."""
    _require_https(url)
    request = urllib.request.Request(url, headers={"User-Agent": _USER_AGENT})  # noqa: S310 - https
    deadline = time.monotonic() + timeout
    try:
        with opener(request, min(timeout, 30.0)) as answer:
            return _read(answer, url, limit, deadline)
    except DownloadError:
        raise
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise DownloadError(f"{url}: {reason}") from error


def _read(answer: IO[bytes], url: str, limit: int, deadline: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while chunk := answer.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise DownloadError(f"{url}: larger than {limit // 2**20} MiB")
        if time.monotonic() > deadline:
            raise DownloadError(f"{url}: the transfer took too long")
        parts.append(chunk)
    return b"".join(parts)


def _require_https(url: str) -> None:
    if not url.lower().startswith("https://"):
        raise DownloadError(f"{url}: only https addresses are fetched")
