"""Addresses in kustomizations and chart sources, and which of them are pinned.

The forms of remote bases are those of kustomize (api/internal/git/repospec.go); chart versions are
those of Helm: less than three numbers, or any operator, make a range."""

from __future__ import annotations

from urllib.parse import SplitResult, parse_qs, urlsplit

from msgspec import Struct

from gitops_ci.model.regex import regex

_USER = regex(r"(?<=://)[^/@\s]*@")
_SCP = regex(r"(?:[\w.-]+@)?(?P<host>[A-Za-z0-9][\w.-]*):(?!//)(?P<path>[^:]+)\Z")
_BARE = regex(r"[A-Za-z0-9][\w.-]*(?::\d+)?/[\w./-]+\Z")
_HOST = regex(r"[A-Za-z0-9][A-Za-z0-9.-]*\Z")
_EXACT = regex(r"v?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:[+_][0-9A-Za-z.-]+)?\Z")
_VERSION = regex(r"[\w.+*~^<>=!|, -]*\Z")
_NAME = regex(r"[A-Za-z0-9][\w.-]*\Z")
_REF = regex(r"[A-Za-z0-9](?!.*\.\.)[\w./+@-]*\Z")
_COMMIT = regex(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_FILE_ENDINGS = (".yaml", ".yml", ".json")
_SEGMENTS = 2
"""Without a mark, the first two segments are the repository: owner and name."""


class Base(Struct, frozen=True):
    """A directory or file of a git repository. `ref` is empty when none is written."""

    address: str
    ref: str
    path: str


def shown(address: str) -> str:
    """The address without user and password."""
    return _USER.sub("", address)


def scheme_of(address: str) -> str:
    """The protocol that the address would be fetched by; empty for one that cannot be."""
    if "://" not in address:
        match = _SCP.match(address)
        return "ssh" if match and not match["path"].startswith("-") else ""
    parts = _split(address)
    if parts is None:
        return ""
    scheme = parts.scheme.lower()
    return scheme if scheme == "file" or _HOST.match(parts.hostname or "") else ""


def is_exact(version: str) -> bool:
    """Whether a chart version names one version only."""
    return _EXACT.match(version) is not None


def is_commit(ref: str) -> bool:
    """Whether the ref is a whole commit id."""
    return _COMMIT.match(ref) is not None


def is_safe_chart(name: str, version: str) -> bool:
    """Whether name and version are fit to stand on a command line."""
    return bool(_NAME.match(name) and _VERSION.match(version))


def is_safe_ref(ref: str) -> bool:
    """Whether the ref is fit to stand on a command line; git allows more, nobody uses it."""
    return _REF.match(ref) is not None


def chart_address(address: str) -> str:
    """A chart repository's address in one spelling. Argo CD writes OCI registries bare."""
    text = address.strip().rstrip("/")
    return f"oci://{text}" if _BARE.match(text) else text


def is_file(text: str) -> bool:
    """Whether a remote entry is a single file that is read with one request."""
    parts = _split(text)
    if parts is None or parts.scheme.lower() not in ("http", "https"):
        return False
    marked = ".git/" in parts.path or "//" in parts.path or _ref(parts.query)
    return not marked and parts.path.lower().endswith(_FILE_ENDINGS)


def base_of(text: str) -> Base | None:
    """The git repository, ref and path that a remote entry names; None when it names none."""
    text, _, query = text.removeprefix("git::").partition("?")
    host, path = _host_and_path(text)
    if not path:
        return None
    repository, inner = _divided(path)
    inner = inner.strip("/")
    if not repository.strip("/") or any(part == ".." for part in inner.split("/")):
        return None
    return Base(host + repository, _ref(query), inner)


def _host_and_path(text: str) -> tuple[str, str]:
    if text.lower().startswith("github.com"):
        text = "https://github.com/" + text[len("github.com") :].lstrip("/:")
    if "://" in text:
        scheme, _, rest = text.partition("://")
        if scheme.lower() == "file":
            return "file://", rest
        host, mark, path = rest.partition("/")
        return f"{scheme.lower()}://{host}{mark}", path
    match = _SCP.match(text)
    if match is None:
        return "", ""
    return text[: match.start("path")], match["path"]


def _divided(path: str) -> tuple[str, str]:
    """The path of the repository, and the path in it."""
    if "/_git/" in path:
        before, _, after = path.partition("/_git/")
        name, _, inner = after.partition("/")
        return f"{before}/_git/{name}", inner
    if "//" in path.lstrip("/"):
        start = len(path) - len(path.lstrip("/"))
        before, _, after = path[start:].partition("//")
        return path[:start] + before, after
    if ".git/" in path or path.endswith(".git"):
        before, _, after = path.partition(".git")
        return f"{before}.git", after
    segments = path.split("/")
    return "/".join(segments[:_SEGMENTS]), "/".join(segments[_SEGMENTS:])


def _ref(query: str) -> str:
    values = parse_qs(query)
    return (values.get("ref") or values.get("version") or [""])[0]


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None
