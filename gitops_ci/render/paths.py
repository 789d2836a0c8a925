"""What a path of the repository leads to, and the addresses of repositories."""

from __future__ import annotations

import re

from gitops_ci.model.regex import regex
from gitops_ci.repo.names import KUSTOMIZATION_NAMES
from gitops_ci.repo.tree import EntryKind, Tree

_SCP = regex(r"^(?:[\w.-]+@)?([\w.-]+):(?!//)(.+)$")
_URL = regex(r"^[a-z][a-z0-9+.-]*://(?:[^@/]*@)?([^/:]+)(?::\d+)?/(.+)$", re.IGNORECASE)


def is_directory(tree: Tree, path: str) -> bool:
    """Whether `path` leads to a directory of the tree, links followed."""
    if path == "":
        return True
    resolved = tree.resolve(path)
    if resolved is None:
        return False
    entry = tree.entry(resolved)
    return resolved == "" or (entry is not None and entry.kind is EntryKind.DIRECTORY)


def is_file(tree: Tree, path: str) -> bool:
    """Whether `path` leads to a regular file of the tree, links followed."""
    resolved = tree.resolve(path)
    entry = tree.entry(resolved) if resolved else None
    return entry is not None and entry.kind is EntryKind.FILE


def kustomization_in(tree: Tree, directory: str) -> str | None:
    """The kustomization file of `directory`, None if it has none."""
    for name in KUSTOMIZATION_NAMES:
        path = f"{directory}/{name}" if directory else name
        if is_file(tree, path):
            return path
    return None


def normal_address(address: str) -> str:
    """A repository's address in one spelling, `host/owner/name` in lower case, so that https, ssh
    and scp-like forms of the same repository are equal."""
    text = address.strip().removeprefix("git::")
    match = _URL.match(text) or _SCP.match(text)
    if match is None:
        return text.lower().rstrip("/").removesuffix(".git")
    host, path = match.groups()
    return f"{host}/{path}".lower().partition("?")[0].rstrip("/").removesuffix(".git")


def is_own(address: str, remotes: tuple[str, ...], known_here: bool) -> bool:  # noqa: FBT001 - a fact
    """Whether `address` is this repository, whose own addresses are `remotes`. When none is known,
    something that is there (`known_here`) counts as meant."""
    if not remotes:
        return known_here
    return normal_address(address) in {normal_address(remote) for remote in remotes}
