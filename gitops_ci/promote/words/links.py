"""Links that compare two versions in a source repository, where its address is known.

Sources: docs.github.com "Comparing commits" and docs.gitlab.com "Compare revisions"; Gitea and
Forgejo have GitHub's form. Other forges have none that could be built without asking them.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from gitops_ci.model.regex import regex

_WEB = regex(r"(?:https?|ssh|git)://(?:[^/@\s]*@)?([A-Za-z0-9.-]+)(?::\d+)?/([^\s?#]+)\Z")
_SCP = regex(r"(?:[\w.-]+@)?([A-Za-z0-9.-]+\.[A-Za-z0-9.-]+):(?!/)([^\s?#]+)\Z")
_LIKE_GITHUB = ("github", "gitea", "forgejo", "codeberg")
_LIKE_GITLAB = ("gitlab",)
_REF = regex(r"[A-Za-z0-9][\w.+/-]{0,199}\Z", re.ASCII)


def compare_link(repository: str, before: str, after: str) -> str:
    """The address of the page that compares `before` with `after` in a git repository, given by
    any form of its address; empty when there is none that is known to exist. Nothing but the host,
    the path and the two refs is taken over, each quoted."""
    found = _WEB.match(repository) or _SCP.match(repository)
    if found is None or not (_REF.match(before) and _REF.match(after)) or before == after:
        return ""
    host, path = found[1].lower(), found[2].strip("/").removesuffix(".git")
    words = re.split(r"[.-]", host)
    if not path or ".." in path.split("/") or ".." in before + after:
        return ""
    base = f"https://{host}/{quote(path)}"
    pair = f"{quote(before, safe='')}...{quote(after, safe='')}"
    if any(word in _LIKE_GITLAB for word in words):
        return f"{base}/-/compare/{pair}"
    return f"{base}/compare/{pair}" if any(word in _LIKE_GITHUB for word in words) else ""
