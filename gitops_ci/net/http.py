"""One HTTP exchange: bounded in size and time, without redirects, over TLS unless the host is this
machine. Proxy and certificates come from the environment, as urllib and OpenSSL read them. The
addresses at which clouds serve credentials of a machine are not asked, under no name."""

from __future__ import annotations

import ipaddress
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPException, HTTPSConnection
from typing import IO, Any

from msgspec import Struct, field

_CHUNK = 2**16
_USER_AGENT = "gitops-ci"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_METADATA = frozenset({"fd00:ec2::254", "100.100.100.200", "192.0.0.192"})
"""Metadata services (AWS over IPv6, Alibaba, Oracle) beside those with link-local addresses."""


class HttpError(OSError):
    """No answer came, or none that may be read; the message says why and names the address."""


class Answer(Struct, frozen=True):
    """What a server answered; header names are in lower case, and of several with one name the
    first counts."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        """Leave the answer to the caller, who knows which headers may travel on."""


Refuse = Callable[[str], bool]


class _Connection(HTTPSConnection):
    refused: Refuse

    def connect(self) -> None:
        """Connect, and look at who is there before anything is sent: names resolve to anything."""
        super().connect()
        peer = str(self.sock.getpeername()[0])
        if self.refused(peer):
            self.close()
            raise HttpError(f"it is served by {peer}, an address of machines' metadata")


class _Tls(urllib.request.HTTPSHandler):
    def __init__(self, refused: Refuse) -> None:
        super().__init__()
        self._refused = refused

    def https_open(self, req: urllib.request.Request) -> Any:
        """As the base class, with connections that look at their peers."""

        def connection(host: str, **details: Any) -> _Connection:
            made = _Connection(host, **details, context=ssl.create_default_context())
            made.refused = self._refused
            return made

        return self.do_open(connection, req)


def is_metadata(host: str) -> bool:
    """Whether the address is link-local or a known one of metadata; a name is none."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return mapped.is_link_local or str(mapped) in _METADATA


def is_loopback(url: str) -> bool:
    """Whether `url` leads to this machine."""
    return (urllib.parse.urlsplit(url).hostname or "") in _LOOPBACK


def get(
    url: str,
    headers: Mapping[str, str],
    *,
    limit: int,
    timeout: float = 30.0,
    refused: Refuse = is_metadata,
) -> Answer:
    """The answer to a GET, whatever its status. The body has at most `limit` bytes, and everything
    is there within `timeout` seconds. Addresses for which `refused` holds are not asked. Raises
    HttpError."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(url)):
        raise HttpError(f"{shown(url)}: only https addresses are asked")
    if refused(parts.hostname or ""):
        raise HttpError(f"{shown(url)}: this is an address of machines' metadata")
    request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
        url, headers={"User-Agent": _USER_AGENT, **headers}
    )
    proxies = [urllib.request.ProxyHandler({})] if is_loopback(url) else []
    opener = urllib.request.build_opener(_NoRedirects(), _Tls(refused), *proxies)
    deadline = time.monotonic() + timeout
    try:
        with opener.open(request, timeout=timeout) as answer:
            return _read(answer, url, limit, deadline)
    except urllib.error.HTTPError as error:
        with error:
            return _read(error, url, limit, deadline)
    except HttpError:
        raise
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise HttpError(f"{shown(url)}: {reason}") from error


def shown(url: str) -> str:
    """The address without user, password and query, for messages."""
    parts = urllib.parse.urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _read(answer: Any, url: str, limit: int, deadline: float) -> Answer:
    headers: dict[str, str] = {}
    for name, value in answer.headers.items():
        headers.setdefault(name.lower(), value)
    body = _body(answer, url, limit, deadline)
    told = headers.get("content-length", "")
    if "transfer-encoding" not in headers and told.isdecimal() and told != str(len(body)):
        raise HttpError(f"{shown(url)}: the answer ended early")
    return Answer(answer.status, headers, body)


def _body(answer: IO[bytes], url: str, limit: int, deadline: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        while chunk := answer.read(min(_CHUNK, limit + 1 - size)):
            size += len(chunk)
            if size > limit:
                raise HttpError(f"{shown(url)}: the answer is larger than {limit} bytes")
            if time.monotonic() > deadline:
                raise HttpError(f"{shown(url)}: the answer took too long")
            parts.append(chunk)
    except HttpError:
        raise
    except (OSError, HTTPException) as error:
        raise HttpError(f"{shown(url)}: {error}") from error
    return b"".join(parts)
