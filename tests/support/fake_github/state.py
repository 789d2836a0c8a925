"""What a fake GitHub remembers, and the rules by which its pull requests live."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.forges.bare import ZERO, Bare

REPOSITORY = "org/shop"
OWNER, NAME = "org", "shop"
BOT = "shop-bot[bot]"


@dataclass
class Pull:
    number: int
    title: str
    body: str
    author: str
    head: str
    head_sha: str
    base: str
    state: str = "open"
    merged: str = ""
    draft: bool = False
    fork: str = ""
    labels: list[str] = field(default_factory=list)
    reviewers: list[str] = field(default_factory=list)
    created: str = ""
    updated: str = ""
    closed: str | None = None
    auto: bool = False
    queued: bool = False
    looks: int = 0


@dataclass
class State:
    """Everything besides the repository. The knobs at the end are for tests."""

    bare: Bare
    pulls: dict[int, Pull] = field(default_factory=dict)
    comments: list[dict[str, Any]] = field(default_factory=list)
    reviews: list[dict[str, Any]] = field(default_factory=list)
    threads: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[dict[str, Any]] = field(default_factory=list)
    check_runs: list[dict[str, Any]] = field(default_factory=list)
    deployments: list[dict[str, Any]] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    teams: dict[str, list[str]] = field(default_factory=dict)
    writers: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=lambda: {"token-1"})
    installed: bool = True
    token_life: timedelta = timedelta(hours=1)
    viewer: str = BOT
    activities: list[dict[str, Any]] = field(default_factory=list)
    pushers: dict[str, str] = field(default_factory=dict)
    shows_activities: bool = True
    unknown_looks: int = 1
    blocked: bool = False
    queue: bool = False
    allow_auto_merge: bool = True
    lost_resolve: bool = False
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1001))
    start: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)
    ticks: Iterator[int] = field(default_factory=itertools.count)

    def now(self) -> str:
        """Each look is a second later."""
        return (self.start + timedelta(seconds=next(self.ticks))).isoformat().replace("+00:00", "Z")

    def settle(self) -> None:
        """What GitHub does by itself after branches moved: heads follow, merged ones are merged,
        those without commits or branch are closed."""
        branches = self.bare.branches()
        for pull in self.pulls.values():
            if pull.state != "open" or pull.fork:
                continue
            tip = branches.get(pull.head, "")
            base = branches.get(pull.base, "")
            if not tip:
                self.close(pull)
            elif tip != pull.head_sha and self.bare.is_ancestor(tip, base):
                pull.head_sha = tip
                self.close(pull)  # nothing is left between
            elif self.bare.is_ancestor(pull.head_sha, base):
                pull.merged, pull.queued = base, False
                self.close(pull)
            elif tip != pull.head_sha:
                self.moved(pull.head, pull.head_sha, tip)
                pull.head_sha, pull.looks, pull.updated = tip, 0, self.now()
                self.bare.update([(f"refs/pull/{pull.number}/head", tip, None)])

    def moved(self, branch: str, before: str, after: str) -> None:
        """Note a push; `pushers` names who made it where it was not the viewer."""
        kind = "branch_creation" if before == ZERO else "push"
        item = {"ref": f"refs/heads/{branch}", "before": before, "after": after, "kind": kind}
        self.activities.append({**item, "at": self.now()})

    def close(self, pull: Pull) -> None:
        pull.state = "closed"
        pull.closed = pull.updated = self.now()

    def open(self, pull: Pull) -> None:
        pull.created = pull.updated = self.now()
        self.pulls[pull.number] = pull
        self.moved(pull.head, ZERO, pull.head_sha)
        self.bare.update([(f"refs/pull/{pull.number}/head", pull.head_sha, None)])

    def next_number(self) -> int:
        return len(self.pulls) + 1

    def land(self, pull: Pull, message: str) -> str:
        """Merge it; empty when it conflicts."""
        base = self.bare.tip(pull.base)
        tree = self.bare.merge(base, pull.head_sha)
        if not tree:
            return ""
        commit = self.bare.commit_tree(tree, [base, pull.head_sha], message)
        self.bare.update([(f"refs/heads/{pull.base}", commit, base)])
        pull.merged = commit
        self.close(pull)
        return commit

    def event(self, number: int, kind: str, **more: Any) -> None:
        self.events.append(
            {"number": number, "event": kind, "by": self.viewer, "at": self.now(), **more}
        )

    def mergeable(self, pull: Pull) -> str:
        """UNKNOWN until it was looked at often enough."""
        pull.looks += 1
        if pull.looks <= self.unknown_looks:
            return "UNKNOWN"
        tree = self.bare.merge(self.bare.tip(pull.base), pull.head_sha)
        return "MERGEABLE" if tree else "CONFLICTING"


__all__ = ["BOT", "NAME", "OWNER", "REPOSITORY", "ZERO", "Pull", "State"]
