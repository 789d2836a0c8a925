"""Where the versions of something that moves are tags of a git repository."""

from __future__ import annotations

from gitops_ci.config.layout import fill
from gitops_ci.config.model import Config

GIT = "git"


def source_of(config: Config, sort: str, name: str, app: str) -> str:
    """The address of the repository: a git source's own, else `apps.*.repository` of the app.
    Empty when neither is known; an image's name says nothing about where it was built."""
    if sort == GIT:
        return name
    known = config.apps.get(app) or config.apps.get("defaults")
    if known is None or not app:
        return ""
    return fill(known.repository, {"app": app})
