"""Revisions and versions that stay what they are, and those that move."""

from __future__ import annotations

import re

from gitops_ci.model.regex import regex

_EXACT = regex(r"v?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?\Z", re.ASCII)
_TAIL = regex(r"[/:]([^/:]+/[^/:]+?)(?:\.git)?/?\Z")


def floats(revision: str) -> bool:
    """Whether a git revision is certainly a branch: none, HEAD, or a name without a digit. Names
    with one may be tags."""
    if revision.startswith("refs/heads/"):
        return True
    if revision.startswith("refs/tags/"):
        return False
    return not any(sign.isdigit() for sign in revision)


def is_range(version: str) -> bool:
    """Whether a chart version leaves open which one is taken."""
    return not _EXACT.match(version.strip())


def same_repository(one: str, other: str) -> bool:
    """Whether two addresses are of one repository: the same owner and name, however written."""
    names = [match[1].lower() if (match := _TAIL.search(url)) else url for url in (one, other)]
    return names[0] == names[1]
