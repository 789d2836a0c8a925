"""Keep a test run away from the machine it runs on: its variables, its home and its network."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

_PREFIXES = ("ACTIONS_", "CI_", "GIT_", "GITHUB_", "GITLAB_", "GITOPS_CI_", "INPUT_", "RUNNER_")
_NAMES = frozenset({"CI", "FORCE_COLOR", "NO_COLOR", "PYTHONPATH", "XDG_CONFIG_DIRS"})
KEPT = frozenset(
    {
        "GITOPS_CI_CONTAINERS",
        "GITOPS_CI_CORPORA",
        "GITOPS_CI_NODE",
        "GITOPS_CI_REQUIRE_ALL",
        "GITOPS_CI_SCHEMAS",
        "GITOPS_CI_TOOLS",
        "GIT_SSL_CAINFO",
    }
)
"""Variables with one of the prefixes that speak to the tests themselves."""


def scrub(environ: MutableMapping[str, str]) -> None:
    """Remove every variable that a forge, a CI system, git or the product would act on."""
    for name in tuple(environ):
        if name in _NAMES or (name.startswith(_PREFIXES) and name not in KEPT):
            del environ[name]


def settle(environ: MutableMapping[str, str], home: Path) -> None:
    """Point home, the XDG folders and git's settings below `home`."""
    folders = {
        "HOME": home,
        "XDG_CACHE_HOME": home / "cache",
        "XDG_CONFIG_HOME": home / "config",
        "XDG_DATA_HOME": home / "data",
        "XDG_STATE_HOME": home / "state",
    }
    for name, folder in folders.items():
        folder.mkdir(parents=True, exist_ok=True)
        environ[name] = str(folder)
    environ["GIT_CONFIG_GLOBAL"] = os.devnull
    environ["GIT_CONFIG_NOSYSTEM"] = "1"
    environ["TZ"] = "UTC"


class SocketGuard:
    """Refuses every connection that leaves the machine, for as long as it is shut.

    An audit hook sees the sockets of every library. It cannot be removed again, so it asks `shut`.
    What it raises derives from BaseException: code under test cannot swallow it.
    """

    def __init__(self) -> None:
        self.shut = True
        sys.addaudithook(self._hook)

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Let everything through inside the block."""
        self.shut = False
        try:
            yield
        finally:
            self.shut = True

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.shut:
            return
        if event in ("socket.connect", "socket.bind", "socket.sendto"):
            host = _host(arguments[1])
        elif event == "socket.getaddrinfo":
            host = arguments[0]
        else:
            return
        if not _is_local(host):
            pytest.fail(f"a test reached for the network: {event} {host!r}")


def _host(address: Any) -> Any:
    """The host of an internet address; None for a unix socket and the like."""
    return address[0] if isinstance(address, tuple) and address else None


def _is_local(host: Any) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    return host is None or host in ("localhost", "::1") or str(host).startswith("127.")
