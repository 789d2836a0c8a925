"""Merge requests on GitLab: find, open, change, close."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from gitops_ci.forge.gitlab import read
from gitops_ci.forge.gitlab.part import quoted
from gitops_ci.forge.gitlab.pushes import Pushes
from gitops_ci.forge.verdicts import is_approved
from gitops_ci.model.change import Change
from gitops_ci.model.forge_errors import ForgeError, RefusedError
from gitops_ci.model.pull_request import (
    LabelEvent,
    PullCommit,
    PullFile,
    PullRequest,
    PullState,
    Review,
    Verdict,
)

_API = "api, role Developer"
_APPROVED = "approved this merge request"
_EVENTS = "let the token read the project's events"
_LONGEST_WAIT = timedelta(days=30)
"""How long after it was made a commit may be pushed straight to a branch."""


class Pulls(Pushes):
    """Reads and writes merge requests."""

    def pull(self, number: int) -> PullRequest:
        """One merge request."""
        return read.merge_request(self._api.get(self._merge_request(number)))

    def pulls(self, branch: str) -> tuple[PullRequest, ...]:
        """Every one of our own branch, the newest first."""
        found = self._listed(source_branch=branch, state="all")
        return tuple(pull for pull in found if pull.head == branch and not pull.fork)

    def open_pulls(self) -> Iterator[PullRequest]:
        """Every open one, the newest first."""
        return self._listed(state="opened")

    def _listed(self, **query: str) -> Iterator[PullRequest]:
        path = f"{self._project}/merge_requests"
        for data in self._api.pages(path, **query, order_by="created_at", sort="desc"):
            yield read.merge_request(data)

    def pulls_with_head(self, sha: str) -> tuple[PullRequest, ...]:
        """The open ones with this head, forks included."""
        return tuple(pull for pull in self.open_pulls() if pull.head_sha == sha)

    def pull_files(self, number: int) -> tuple[PullFile, ...]:
        """What it changes."""
        return tuple(map(read.diff, self._api.pages(f"{self._merge_request(number)}/diffs")))

    def pull_commits(self, number: int) -> tuple[PullCommit, ...]:
        """Its commits, the oldest first."""
        path = self._merge_request(number)
        commits = [read.commit(data) for data in self._api.pages(f"{path}/commits")]
        pull = self._api.get(path)
        versions = list(self._api.pages(f"{path}/versions"))
        at = {str(item["head_commit_sha"]): read.moment(item["created_at"]) for item in versions}
        head = str(pull.get("sha") or "")
        pushers = self._who_pushed(pull, versions)
        return tuple(
            replace(
                commit,
                at=at.get(commit.sha) or commit.at,
                pushers=pushers if commit.sha == head else frozenset(),
            )
            for commit in reversed(commits)
        )

    def brought_by(self, sha: str) -> frozenset[str]:
        """Who opened the merge requests of a commit and pushed their heads; without any, who
        pushed the commit itself."""
        path = f"{self._project}/repository/commits/{quoted(sha)}"
        people: set[str] = set()
        for data in self._api.pages(f"{path}/merge_requests"):
            if data.get("state") == "merged":
                versions = self._api.pages(f"{self._merge_request(int(data['iid']))}/versions")
                pushers = self._who_pushed(data, list(versions))
                if not pushers:
                    raise ForgeError(f"GitLab does not tell who pushed to !{data['iid']}", _EVENTS)
                people |= {read.username(data.get("author")), *pushers}
        if not people:
            at = read.commit(self._api.get(path)).at
            people = set(self._pushers({sha}, at, at + _LONGEST_WAIT).values())
        if not people - {""}:
            raise ForgeError(f"GitLab does not tell who pushed {sha[:10]}", _EVENTS)
        return frozenset(people - {""})

    def _who_pushed(self, pull: Any, versions: list[Any]) -> frozenset[str]:
        """Who pushed the heads that the merge request had; empty unless that is known of each."""
        times = [at for item in versions if (at := read.moment(item["created_at"]))]
        heads = {str(item["head_commit_sha"]) for item in versions}
        if not times:
            return frozenset()
        project = f"/projects/{pull['source_project_id']}" if read.is_fork(pull) else ""
        found = self._pushers(heads, min(times), max(times), project)
        return frozenset(found.values()) if set(found) == heads else frozenset()

    def reviews(self, number: int) -> tuple[Review, ...]:
        """Who approves now. GitLab does not say which commit was approved: it is the one that was
        pushed last before the note that tells of it; empty when there is no such note."""
        path = self._merge_request(number)
        approvals = self._api.get(f"{path}/approvals").get("approved_by") or ()
        people = [read.username(item.get("user")) for item in approvals]
        if not people:
            return ()
        notes = [n for n in self._api.pages(f"{path}/notes", sort="asc") if n.get("system")]
        versions = list(self._api.pages(f"{path}/versions"))
        found = [_approval(person, notes, versions) for person in people]
        return tuple(sorted(found, key=lambda review: review.at))

    def approved(self, pull: PullRequest) -> bool:
        """Whether somebody approves this head."""
        return is_approved(self.reviews(pull.number), pull.head_sha)

    def label_events(self, number: int) -> tuple[LabelEvent, ...]:
        """Who set which label when."""
        path = f"{self._merge_request(number)}/resource_label_events"
        return tuple(map(read.label_event, self._api.pages(path)))

    def set_labels(self, number: int, add: Sequence[str], remove: Sequence[str]) -> None:
        """Put on and take off; GitLab makes labels that are missing."""
        body = {"add_labels": list(add)} if add else {}
        body |= {"remove_labels": list(remove)} if remove else {}
        if body:
            self._api.bring("PUT", self._merge_request(number), body, permission=_API)

    def create(self, change: Change, title: str, body: str, head: str) -> PullRequest:
        """Open one with its labels and reviewers, or return the one that is open."""
        rules = change.etiquette
        content: dict[str, Any] = {
            "title": f"Draft: {title}" if rules.draft else title,
            "description": body,
            "source_branch": change.branch,
            "target_branch": change.base,
        }
        content |= {"labels": list(rules.labels)} if rules.labels else {}
        reviewers = self._ids(rules.reviewers)
        content |= {"reviewer_ids": reviewers} if reviewers else {}
        try:
            return self._api.make(
                f"{self._project}/merge_requests",
                content,
                lambda: self._opened(change.branch, head),
                read.merge_request,
                permission=_API,
            )
        except RefusedError as error:
            there = self._opened(change.branch, head) if error.status == 409 else None
            if there is None:
                raise
            return there

    def _opened(self, branch: str, head: str) -> PullRequest | None:
        found = (pull for pull in self.pulls(branch) if pull.state is PullState.OPEN)
        return next((pull for pull in found if not head or pull.head_sha == head), None)

    def _ids(self, people: Sequence[str]) -> list[int]:
        """The ids of accounts; a group cannot be a reviewer."""
        names = [name.removeprefix("@") for name in people]
        found = [self._api.get("/users", username=name) for name in names if "/" not in name]
        return [int(accounts[0]["id"]) for accounts in found if accounts]

    def dress(self, pull: PullRequest, change: Change) -> None:
        """Nothing: labels and reviewers come with the merge request."""

    def describe(self, pull: PullRequest, title: str, body: str) -> None:
        """Replace title and text."""
        self._put(pull, {"title": title, "description": body})

    def close(self, pull: PullRequest, body: str) -> None:
        """Close with this text."""
        self._put(pull, {"state_event": "close", "description": body})

    def _put(self, pull: PullRequest, body: dict[str, str]) -> None:
        self._api.bring("PUT", self._merge_request(pull.number), body, permission=_API)


def _approval(person: str, notes: list[Any], versions: list[Any]) -> Review:
    told = [
        note["created_at"]
        for note in notes
        if read.username(note.get("author")) == person and note.get("body") == _APPROVED
    ]
    at = read.moment(told[-1]) if told else None
    if at is None:
        return Review(person, Verdict.APPROVED, "", read.BEGINNING)
    before = [v for v in versions if (read.moment(v["created_at"]) or at) <= at]
    latest = max(before, key=lambda version: int(version["id"]), default=None)
    sha = str(latest["head_commit_sha"]) if latest else ""
    return Review(person, Verdict.APPROVED, sha, at)
