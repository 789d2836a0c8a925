"""Another repository, brought into the cache with its history: one bare clone for each address.

Only the branches are fetched, over the protocols named here; nothing is checked out, no submodule
is followed, and no hook of the other side runs.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from gitops_ci.model.errors import EndpointError
from gitops_ci.tools.run import MissingProgramError, run

PROTOCOLS = ("https", "ssh")
_TIMEOUT = 300.0
_SETTINGS = (
    "core.hooksPath=/dev/null",
    "fetch.recurseSubmodules=false",
    "transfer.bundleURI=false",
    "protocol.ext.allow=never",
)


def mirrored(
    address: str, cache: Path, program: str = "git", protocols: tuple[str, ...] = PROTOCOLS
) -> Path:
    """The bare clone of `address` below `cache`, up to date. Credentials are those of git's own
    configuration. Raises EndpointError."""
    folder = cache / "repositories" / hashlib.sha256(address.encode()).hexdigest()[:32]
    if not (folder / "HEAD").exists():
        folder.mkdir(parents=True, exist_ok=True)
        _git(program, folder, protocols, "init", "--bare", "--quiet", "--template=")
    refs = ("+refs/heads/*:refs/heads/*", "+HEAD:refs/remotes/origin/HEAD")
    words = ("fetch", "--quiet", "--prune", "--no-tags", "--no-recurse-submodules", "--", address)
    _git(program, folder, protocols, *words, *refs)
    return folder


def _git(program: str, folder: Path, protocols: tuple[str, ...], *words: str) -> None:
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    environment = {
        "GIT_ALLOW_PROTOCOL": ":".join(protocols),
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_SSH_COMMAND": "ssh -oBatchMode=yes",
        "LC_ALL": "C",
    }
    try:
        outcome = run((program, *settings, *words), cwd=folder, timeout=_TIMEOUT, env=environment)
    except MissingProgramError as error:
        raise EndpointError(str(error), "install git, or put it on PATH") from error
    if not outcome.ok:
        last = (outcome.stderr.strip().splitlines() or ["it took too long"])[-1]
        raise EndpointError(f"the other repository cannot be fetched: {last}")
