"""More of the history of a shallow clone, from where the clone came from."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from gitops_ci.git.repository import Git
from gitops_ci.model.errors import GitopsError, IncompleteError

_STEPS = ("--deepen=100", "--deepen=1000", "--unshallow")
"""Most branches are short: little is fetched at first."""
_PROTOCOLS = ("https", "ssh", "file")
_CLIENT = ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy",
           "GIT_SSL_CAINFO", "SSH_AUTH_SOCK")  # fmt: skip
_USERS = {"github": "x-access-token", "gitlab": "gitlab-ci-token"}
_QUIET = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-auto-maintenance")
_REMOTE = "refs/remotes/origin/"


class GitDeepener(Git):
    """A clone that may fetch more of its history from its `origin`.

    First with what the clone has been left to log in with, then with `token`, which no other
    process sees. `forge` is `github` or `gitlab`; `environ` is where proxies are looked up.
    """

    def __init__(
        self, root: Path, environ: Mapping[str, str], token: str = "", forge: str = ""
    ) -> None:
        super().__init__(root)
        self._token, self._user = token, _USERS.get(forge, "git")
        passed = {name: environ[name] for name in _CLIENT if name in environ}
        self._environment.update(passed)
        self._set((f"protocol.{name}.allow", "always") for name in _PROTOCOLS)

    def reach(self, base: str, head: str = "HEAD") -> bool:
        """Fetch until every commit from the fork point of `base` to `head` is here; whether they
        are. Does nothing in a clone that has all of its history."""
        if not self.is_shallow():
            return True
        logged_in = False
        for step in _STEPS:
            if self.is_whole(base, head):
                return True
            if not self._fetch(step, base, head):
                if logged_in or not self._token:
                    return False
                self._log_in()
                logged_in = True
                if not self._fetch(step, base, head):
                    return False
        return self.is_whole(base, head)

    def is_whole(self, base: str, head: str = "HEAD") -> bool:
        """Whether no commit between the fork point of `base` and `head` is missing."""
        try:
            fork = self.merge_base(base, head)
            return not self.has_cut_history(fork, head)
        except GitopsError:
            return False

    def _fetch(self, depth: str, base: str, head: str) -> bool:
        """One more fetch: of the two revisions alone, else of all branches."""
        branch = base.removeprefix("origin/") if base.startswith("origin/") else ""
        wanted = f"+refs/heads/{branch}:{_REMOTE}{branch}" if branch else base
        tip = self.find(head)
        words = ("fetch", *_QUIET, "--no-write-fetch-head")
        for refs in ((wanted, *((tip,) if tip else ())), (wanted,), ()):
            safe = not any(ref.startswith("-") for ref in refs)
            try:
                if safe and self._run(*words, depth, "origin", *refs).ok:
                    return True
            except IncompleteError:
                return False
        return False

    def _log_in(self) -> None:
        """Use the token instead of what checkout left in the clone."""
        parts = urlsplit(self.remote_url())
        if parts.scheme != "https":
            return
        pair = base64.b64encode(f"{self._user}:{self._token}".encode()).decode("ascii")
        key = f"http.https://{parts.netloc}/.extraheader"
        self._set((("credential.helper", ""), (key, ""), (key, f"Authorization: Basic {pair}")))

    def _set(self, settings: Iterable[tuple[str, str]]) -> None:
        count = int(self._environment["GIT_CONFIG_COUNT"])
        for name, value in settings:
            self._environment[f"GIT_CONFIG_KEY_{count}"] = name
            self._environment[f"GIT_CONFIG_VALUE_{count}"] = value
            count += 1
        self._environment["GIT_CONFIG_COUNT"] = str(count)
