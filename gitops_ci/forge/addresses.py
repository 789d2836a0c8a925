"""Addresses of repositories on a forge."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from gitops_ci.model.regex import regex

_SCP = regex(r"(?:[\w.-]+@)?([\w.-]+):(?!//)(.+)\Z", re.ASCII)
_PATH = regex(r"[\w.-]+(?:/[\w.-]+)+\Z", re.ASCII)


def repository_at(server: str, address: str) -> str:
    """The path of the repository at a web or clone address, if it lies on the forge at `server`;
    else empty. `server` may have a path, in which web addresses lie; clones over SSH need not."""
    try:
        ours, theirs = urlsplit(server), urlsplit(_spelt(address))
        same_port = _port(ours) == _port(theirs)
    except ValueError:
        return ""
    same = (ours.hostname or "") == (theirs.hostname or "-")
    path = theirs.path.strip("/").removesuffix(".git")
    if theirs.scheme in ("http", "https"):
        below = f"{ours.path.strip('/')}/".lstrip("/")
        same = same and same_port and path.startswith(below)
        path = path.removeprefix(below)
    elif theirs.scheme != "ssh":
        return ""
    hidden = any(part in (".", "..") for part in path.split("/"))
    return path if same and _PATH.match(path) and not hidden else ""


def _spelt(address: str) -> str:
    """`git@host:path` as an address; others as they are."""
    short = None if "://" in address else _SCP.match(address)
    return f"ssh://{short[1]}/{short[2]}" if short else address.removeprefix("git+")


def _port(parts: SplitResult) -> int:
    return parts.port or (80 if parts.scheme == "http" else 443)
