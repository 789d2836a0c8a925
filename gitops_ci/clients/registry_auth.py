"""How a registry wants to be asked: its challenge, and the credentials of this machine.

Sources: RFC 9110, section 11 (challenges); distribution.github.io, "Token Authentication
Specification"; docs.docker.com, `config.json` (entry `auths`). Credential helpers are programs and
are not started.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from gitops_ci.model.regex import regex

USER, PASSWORD = "GITOPS_CI_REGISTRY_USER", "GITOPS_CI_REGISTRY_PASSWORD"
HOST = "GITOPS_CI_REGISTRY"
_PARAMETER = regex(r'\s*,?\s*([A-Za-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_LONGEST = 4096
_HUB = frozenset({"docker.io", "index.docker.io", "registry-1.docker.io"})


class Credentials(Struct, frozen=True):
    """A user and a password or token. Its text shows neither."""

    user: str
    password: str

    def __repr__(self) -> str:
        return "Credentials(…)"

    @property
    def basic(self) -> str:
        """The value of an Authorization header."""
        pair = f"{self.user}:{self.password}".encode()
        return "Basic " + base64.b64encode(pair).decode("ascii")


class Challenge(Struct, frozen=True):
    """What a WWW-Authenticate header asks for: `scheme` in lower case and its parameters."""

    scheme: str
    parameters: Mapping[str, str]


def read_challenge(header: str) -> Challenge | None:
    """The first challenge of the header with a scheme that is known, or None."""
    for scheme in ("bearer", "basic"):
        start = re.search(rf"(?:^|,\s*|\s){scheme}(?:\s+|$)", header[:_LONGEST], re.IGNORECASE)
        if start is None:
            continue
        parameters: dict[str, str] = {}
        position = start.end()
        while found := _PARAMETER.match(header, position):
            value = found[2] if found[2] is not None else found[3]
            parameters.setdefault(found[1].lower(), re.sub(r"\\(.)", r"\1", value))
            position = found.end()
        return Challenge(scheme, parameters)
    return None


def credentials_for(
    host: str, environ: Mapping[str, str], read: Callable[[Path], bytes] = Path.read_bytes
) -> Credentials | None:
    """The credentials for the registry at `host`: from the three GITOPS_CI_REGISTRY variables if
    they name this host, else from Docker's configuration. A file that cannot be read holds none."""
    if environ.get(HOST) == host and environ.get(PASSWORD):
        return Credentials(environ.get(USER, ""), environ[PASSWORD])
    folder = environ.get("DOCKER_CONFIG") or (
        f"{environ['HOME']}/.docker" if environ.get("HOME") else ""
    )
    if not folder:
        return None
    try:
        config = json.loads(read(Path(folder) / "config.json"))
    except (OSError, ValueError, RecursionError):
        return None
    return _entry(config, host)


def _entry(config: Any, host: str) -> Credentials | None:
    auths = config.get("auths") if isinstance(config, dict) else None
    for name, entry in auths.items() if isinstance(auths, dict) else ():
        bare = name.removeprefix("https://").removeprefix("http://").partition("/")[0]
        if (bare == host or (bare in _HUB and host in _HUB)) and isinstance(entry, dict):
            return _decoded(entry.get("auth"))
    return None


def _decoded(text: Any) -> Credentials | None:
    if not isinstance(text, str):
        return None
    try:
        user, colon, password = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return Credentials(user, password.rstrip("\0")) if colon else None
