"""Commits from and to another repository, over HTTPS, with a header of our own.

No remote of the clone is used and none is written: address and header are handed to git through
its environment, never as arguments that other processes could see.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct, field

from gitops_ci.git.repository import Git
from gitops_ci.model.errors import UsageError
from gitops_ci.model.forge_errors import ForgeError, StaleError, UnreachableError
from gitops_ci.tools.run import Outcome

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_CLIENT = ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy",
           "GIT_SSL_CAINFO", "GIT_SSL_NO_VERIFY")  # fmt: skip
_STALE = ("stale info", "fetch first", "non-fast-forward", "cannot lock ref", "already exists")


class Remote(Struct, frozen=True):
    """A repository elsewhere. `header` gives a whole line such as `Authorization: Basic …`, asked
    anew each time; `environment` is where proxy and certificates are looked up."""

    url: str
    header: Callable[[], str] = str
    environment: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Without what gives access."""
        return f"Remote({self.url!r})"


class GitRemote(Git):
    """A local repository that exchanges commits with one other."""

    def __init__(self, root: Path, remote: Remote, program: str = "git") -> None:
        super().__init__(root, program)
        parts = urllib.parse.urlsplit(remote.url)
        loopback = (parts.hostname or "") in _LOOPBACK
        if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
            raise UsageError(f"{remote.url} is no https address", "forges are asked over TLS only")
        self._remote = remote
        scheme = parts.scheme
        self._settings = (
            (f"protocol.{scheme}.allow", "always"),
            ("http.followRedirects", "false"),
            ("credential.helper", ""),
            (f"http.{remote.url}.extraheader", ""),  # forget what checkout left in the clone
        )
        passed = {name: remote.environment[name] for name in _CLIENT if name in remote.environment}
        self._environment.update({**passed, **({"no_proxy": "*"} if loopback else {})})

    def _talk(self, *words: str) -> Outcome:
        """Run git with the header, which no process of another user can see."""
        header = self._remote.header()
        ours = [*self._settings, (f"http.{self._remote.url}.extraheader", header)]
        before = dict(self._environment)
        count = int(before["GIT_CONFIG_COUNT"])
        for number, (key, value) in enumerate(ours if header else ours[:-1], start=count):
            self._environment[f"GIT_CONFIG_KEY_{number}"] = key
            self._environment[f"GIT_CONFIG_VALUE_{number}"] = value
        self._environment["GIT_CONFIG_COUNT"] = str(count + len(ours) - (not header))
        try:
            return self._run(*words)
        finally:
            self._environment.clear()
            self._environment.update(before)

    def fetch(self, ref: str, oid: str, *, alone: bool = False) -> None:
        """Bring the commit `oid`, to which `ref` leads there, into the local objects; nothing
        happens when it is there. `alone` fetches no more than its parents in a shallow clone.
        Raises UnreachableError, ForgeError."""
        if self.find(oid):
            return
        quiet = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules")
        depth = ("--depth=2",) if alone and self.is_shallow() else ()
        words = ("fetch", *quiet, "--no-auto-maintenance", *depth, self._remote.url)
        if self._talk(*words, oid).ok and self.find(oid):
            return
        result = self._talk(*words, ref)
        if not result.ok:
            raise _failure("fetch", result.stderr)
        if not self.find(oid):
            raise StaleError(f"{ref} moved while it was fetched", "run again")

    def push(self, oid: str, branch: str, old: str) -> None:
        """Point the branch there to `oid` (empty: remove it) if it still points to `old` (empty:
        does not exist). Raises StaleError when it does not."""
        ref = f"refs/heads/{branch}"
        lease = f"--force-with-lease={ref}:{old}"
        result = self._talk(
            "push", "--quiet", "--no-verify", lease, self._remote.url, f"{oid}:{ref}"
        )
        if result.ok:
            return
        if any(word in result.stderr for word in _STALE):
            raise StaleError(f"branch {branch} changed meanwhile", "run again")
        raise _failure("push", result.stderr)


def _failure(what: str, stderr: str) -> ForgeError:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    words = lines[-1] if lines else "no reason given"
    if any(text in stderr for text in ("declined", "rejected", "denied", "403")):
        return ForgeError(f"git {what} is refused: {words}", "may the token write contents?")
    return UnreachableError(f"git {what} failed: {words}")
