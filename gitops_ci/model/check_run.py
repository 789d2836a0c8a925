"""What other programs say about a commit, and what we say about it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from msgspec import Struct


class CheckState(Enum):
    """How far a check is. NEUTRAL is done without a verdict: skipped, cancelled, stale."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILURE = "failure"
    NEUTRAL = "neutral"


class CheckRun(Struct, frozen=True):
    """One check run, commit status or pipeline job on the commit `sha`. `source` is the app or
    account that reported it."""

    name: str
    state: CheckState
    sha: str
    source: str = ""
    url: str = ""
    at: datetime | None = None


class CommitStatus(Struct, frozen=True):
    """What we report on a commit under `name`. `description` is cut to what the forge shows
    (140 characters on GitHub, 255 on GitLab)."""

    name: str
    state: CheckState
    description: str = ""
    url: str = ""
