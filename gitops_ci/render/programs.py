"""The external programs that rendering uses, as a port, and how they are kept on a short leash."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from gitops_ci.tools.find import find_tool
from gitops_ci.tools.run import Outcome, run

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")
_DEAD_END = "http://127.0.0.1:9"


class Programs(Protocol):
    """Finds programs and runs them."""

    def find(self, name: str) -> Path | None:
        """The program called `name`, None if there is none."""
        ...

    def run(
        self, argv: Sequence[str | Path], *, cwd: Path, timeout: float, env: Mapping[str, str]
    ) -> Outcome:
        """Run it to its end; `timeout` in seconds. Raises MissingProgramError."""
        ...


class LocalPrograms:
    """The programs of this machine."""

    def find(self, name: str) -> Path | None:
        """The program called `name`, None if there is none."""
        return find_tool(name)

    def run(
        self, argv: Sequence[str | Path], *, cwd: Path, timeout: float, env: Mapping[str, str]
    ) -> Outcome:
        """Run it to its end; `timeout` in seconds. Raises MissingProgramError."""
        return run(argv, cwd=cwd, timeout=timeout, env=env)


def confined(home: Path, *, network: bool) -> dict[str, str]:
    """The environment for a program that reads hostile files: settings, plugins and caches of the
    user are out of its sight (`home` is an empty private folder), and without `network` every
    proxy leads nowhere and git refuses all transports."""
    places = {
        "XDG_CONFIG_HOME": home / "config",
        "XDG_CACHE_HOME": home / "cache",
        "XDG_DATA_HOME": home / "data",
        "HELM_CACHE_HOME": home / "helm" / "cache",
        "HELM_CONFIG_HOME": home / "helm" / "config",
        "HELM_DATA_HOME": home / "helm" / "data",
        "HELM_PLUGINS": home / "helm" / "plugins",
        "KUSTOMIZE_PLUGIN_HOME": home / "plugins",
        "KUBECONFIG": home / "kubeconfig",
        "TMPDIR": home,
    }
    env = {name: str(path) for name, path in places.items()}
    if network:
        return env | {name: os.environ[name] for name in _PROXIES if name in os.environ}
    closed = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), _DEAD_END)
    return env | closed | {"HOME": str(home), "GIT_ALLOW_PROTOCOL": "none", "NO_PROXY": ""}
