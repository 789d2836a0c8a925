"""URLs as Go reads the address of a request.

https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-url-library
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, unquote_to_bytes

from gitops_ci.cel.function import content_of, method, opaque, plain
from gitops_ci.model.regex import regex

TYPE = "kubernetes.URL"
_SCHEME = regex(r"([A-Za-z][A-Za-z0-9+.-]*):")
_CONTROL = regex(r"[\x00-\x1f\x7f]")
_BAD_ESCAPE = regex(r"%(?![0-9A-Fa-f]{2})")
_HOST = regex(r"""(?:[A-Za-z0-9\-._~!$&'()*+,;=:\[\]<>"]|[^\x00-\x7f]|%[0-9A-Fa-f]{2})*""")
_USER = regex(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*")
_PORT = regex(r"(?::\d*)?")
_AS_IS = regex(r"[A-Za-z0-9\-._~!$&'()*+,;=:@\[\]/%]*")
_UNESCAPED = "$&+,/:;=@-_.~"


def url(text: str) -> Mapping[str, str]:
    """The parts of an absolute URL or path. Raises ValueError."""
    if not text or _CONTROL.search(text):
        message = f"URL parse error during conversion from string: {text!r}"
        raise ValueError(message)
    match = _SCHEME.match(text)
    if match is None and text.partition("/")[0].find(":") >= 0 and not text.startswith("/"):
        message = f"first path segment in URL cannot contain colon: {text!r}"
        raise ValueError(message)
    scheme = match[1].lower() if match else ""
    rest, _, query = text[match.end() if match else 0 :].partition("?")
    host = ""
    if not rest.startswith("/"):
        if not scheme:
            message = f"invalid URI for request: {text!r}"
            raise ValueError(message)
        return opaque(TYPE, text=text, scheme=scheme, host="", path="", query=query)
    if scheme and rest.startswith("//"):
        authority, slash, rest = rest[2:].partition("/")
        rest = slash + rest
        host = _host(authority)
    return opaque(TYPE, text=text, scheme=scheme, host=host, path=_path(rest), query=query)


def _host(authority: str) -> str:
    """Host and port of an authority. Raises ValueError."""
    user, at, host = authority.rpartition("@")
    bracket = host.rfind("]")
    if host.startswith("["):
        port = host[bracket + 1 :] if bracket > 0 else "missing"
    else:
        colon = host.rfind(":")
        port = host[colon:] if colon >= 0 else ""
    if (at and not _USER.fullmatch(user)) or not _HOST.fullmatch(host) or not _PORT.fullmatch(port):
        message = f"invalid host or port in URL: {authority!r}"
        raise ValueError(message)
    return host if host.startswith("[") else _text(host)


def _path(raw: str) -> str:
    """The path in escaped form. Raises ValueError."""
    if _BAD_ESCAPE.search(raw):
        message = f"invalid URL escape in {raw!r}"
        raise ValueError(message)
    return raw if _AS_IS.fullmatch(raw) else quote(unquote_to_bytes(raw), safe=_UNESCAPED)


def _text(escaped: str) -> str:
    return unquote_to_bytes(escaped).decode("utf-8", "replace")


def is_url(text: str) -> bool:
    """Whether the text is an absolute URL or path."""
    try:
        url(text)
    except ValueError:
        return False
    return True


def _query(value: object) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in content_of(value, TYPE)["query"].split("&"):
        key, _, item = pair.replace("+", " ").partition("=")
        if pair and ";" not in pair and not _BAD_ESCAPE.search(pair):
            found.setdefault(_text(key), []).append(_text(item))
    return found


def _hostname(value: object) -> str:
    host: str = content_of(value, TYPE)["host"]
    if host.startswith("["):
        return host[1 : host.rfind("]")]
    return host.rpartition(":")[0] if ":" in host else host


def _port(value: object) -> str:
    host: str = content_of(value, TYPE)["host"]
    return host[host.rfind("]") + 1 :].rpartition(":")[2] if ":" in host.rpartition("]")[2] else ""


FUNCTIONS = (
    plain("url", "string", TYPE, url),
    plain("isURL", "string", "bool", is_url),
    method(TYPE, "getScheme", "", "string", lambda u: content_of(u, TYPE)["scheme"]),
    method(TYPE, "getHost", "", "string", lambda u: content_of(u, TYPE)["host"]),
    method(TYPE, "getHostname", "", "string", _hostname),
    method(TYPE, "getPort", "", "string", _port),
    method(TYPE, "getEscapedPath", "", "string", lambda u: content_of(u, TYPE)["path"]),
    method(TYPE, "getQuery", "", "map<string,list<string>>", _query),
)
