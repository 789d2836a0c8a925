"""What a fake GitLab remembers, and the rules by which its merge requests live."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.forges.bare import Bare

PROJECT = "org/part/shop"
BOT = "project_7_bot_shop"


@dataclass
class Request:
    iid: int
    title: str
    description: str
    author: str
    source: str
    sha: str
    target: str
    state: str = "opened"
    merged: str = ""
    labels: list[str] = field(default_factory=list)
    reviewers: list[str] = field(default_factory=list)
    created: str = ""
    updated: str = ""
    closed_by: str = ""
    auto: bool = False
    looks: int = 0
    approved: list[str] = field(default_factory=list)


@dataclass
class State:
    """Everything besides the repository. The knobs at the end are for tests."""

    bare: Bare
    requests: dict[int, Request] = field(default_factory=dict)
    notes: list[dict[str, Any]] = field(default_factory=list)
    discussions: list[dict[str, Any]] = field(default_factory=list)
    versions: list[dict[str, Any]] = field(default_factory=list)
    label_events: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[dict[str, Any]] = field(default_factory=list)
    deployments: list[dict[str, Any]] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    developers: set[str] = field(default_factory=set)
    users: dict[str, int] = field(default_factory=lambda: {"ada": 1, "bob": 2, BOT: 7})
    viewer: str = BOT
    pushers: dict[str, str] = field(default_factory=dict)
    shows_events: bool = True
    unchecked_looks: int = 1
    blocked: str = ""
    graphql: dict[str, Any] | None = None
    approval_settings: dict[str, bool] = field(
        default_factory=lambda: {
            "reset_approvals_on_push": True,
            "merge_requests_author_approval": False,
            "merge_requests_disable_committers_approval": True,
        }
    )
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1001))
    start: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)
    ticks: Iterator[int] = field(default_factory=itertools.count)

    def now(self) -> str:
        """Each look is a second later."""
        moment = self.start + timedelta(seconds=next(self.ticks))
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def settle(self) -> None:
        """What GitLab does by itself after branches moved."""
        branches = self.bare.branches()
        for request in self.requests.values():
            if request.state != "opened":
                continue
            tip = branches.get(request.source, "")
            base = branches.get(request.target, "")
            if tip and tip != request.sha:
                self.follow(request, tip)
            if self.bare.is_ancestor(request.sha, base):
                request.state, request.merged = "merged", base

    def follow(self, request: Request, tip: str) -> None:
        request.sha, request.looks, request.updated = tip, 0, self.now()
        self.bare.update([(f"refs/merge-requests/{request.iid}/head", tip, None)])
        self.versions.append(
            {"id": next(self.ids), "iid": request.iid, "sha": tip, "at": self.now()}
        )

    def open(self, request: Request) -> None:
        request.created = request.updated = self.now()
        self.requests[request.iid] = request
        self.follow(request, request.sha)

    def land(self, request: Request, message: str) -> bool:
        base = self.bare.tip(request.target)
        tree = self.bare.merge(base, request.sha)
        if not tree:
            return False
        commit = self.bare.commit_tree(tree, [base, request.sha], message)
        self.bare.update([(f"refs/heads/{request.target}", commit, base)])
        request.state, request.merged = "merged", commit
        return True

    def merge_status(self, request: Request) -> str:
        """`checking` until it was looked at often enough."""
        request.looks += 1
        if request.looks <= self.unchecked_looks:
            return "checking"
        if not self.bare.merge(self.bare.tip(request.target), request.sha):
            return "conflict"
        return self.blocked or "mergeable"
