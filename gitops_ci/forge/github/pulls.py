"""Pull requests on GitHub: find, open, change, close."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from gitops_ci.forge.exchange import Request
from gitops_ci.forge.github import read
from gitops_ci.forge.github.part import quoted
from gitops_ci.forge.github.pushes import Pushes
from gitops_ci.forge.verdicts import is_approved
from gitops_ci.model.change import Change
from gitops_ci.model.forge_errors import ForbiddenError, NotFoundError, RefusedError
from gitops_ci.model.pull_request import (
    LabelEvent,
    PullCommit,
    PullFile,
    PullRequest,
    PullState,
    Review,
)

_PULLS = "pull-requests: write"
_NOT_YET = "Could not resolve to a node"
_LOOKS = 3
_BETWEEN_LOOKS = 2.0
_NO_ROBOTS = (
    "switch on `Allow GitHub Actions to create and approve pull requests` in the settings of the "
    "repository, or use an app's token"
)


class Pulls(Pushes):
    """Reads and writes pull requests."""

    def pull(self, number: int) -> PullRequest:
        """One pull request."""
        return read.pull_request(self._api.get(f"{self._repo}/pulls/{number}"), self.repository)

    def pulls(self, branch: str) -> tuple[PullRequest, ...]:
        """Every one of our own branch, the newest first."""
        found = self._listed(head=f"{self._owner}:{branch}", state="all")
        return tuple(pull for pull in found if pull.head == branch and not pull.fork)

    def open_pulls(self) -> Iterator[PullRequest]:
        """Every open one, the newest first."""
        return self._listed(state="open")

    def _listed(self, **query: str) -> Iterator[PullRequest]:
        path = f"{self._repo}/pulls"
        for data in self._api.pages(path, **query, sort="created", direction="desc"):
            yield read.pull_request(data, self.repository)

    def pulls_with_head(self, sha: str) -> tuple[PullRequest, ...]:
        """The open ones with this head, forks included."""
        return tuple(pull for pull in self.open_pulls() if pull.head_sha == sha)

    def pull_files(self, number: int) -> tuple[PullFile, ...]:
        """What it changes."""
        return tuple(map(read.pull_file, self._api.pages(f"{self._repo}/pulls/{number}/files")))

    def pull_commits(self, number: int) -> tuple[PullCommit, ...]:
        """Its commits, 250 at most. Of a fork's nobody tells who pushed them."""
        path = f"{self._repo}/pulls/{number}/commits"
        commits = tuple(map(read.pull_commit, self._api.pages(path)))
        pull = self.pull(number)
        if pull.fork:
            return commits
        pushers, at = self._pushes(pull.head, pull.head_sha)
        return tuple(
            replace(commit, pushers=pushers, at=at or commit.at)
            if commit.sha == pull.head_sha
            else commit
            for commit in commits
        )

    def brought_by(self, sha: str) -> frozenset[str]:
        """Who is behind a commit. Its own author only counts without a pull request: who merged
        one may have done nothing else."""
        path = f"{self._repo}/commits/{quoted(sha)}"
        people: set[str] = set()
        for data in self._api.pages(f"{path}/pulls"):
            if data.get("merged_at"):
                people.add(read.login(data.get("user")))
                for commit in self.pull_commits(int(data["number"])):
                    people |= {commit.author, commit.committer, *commit.pushers}
        if not people:
            own = read.pull_commit(self._api.get(path))
            people = {own.author, own.committer}
        return frozenset(people - {""})

    def reviews(self, number: int) -> tuple[Review, ...]:
        """All reviews that were handed in."""
        found = self._api.pages(f"{self._repo}/pulls/{number}/reviews")
        return tuple(read.review(data) for data in found if data.get("submitted_at"))

    def approved(self, pull: PullRequest) -> bool:
        """Whether somebody's last word on this head is yes, and nobody's is no."""

        return is_approved(self.reviews(pull.number), pull.head_sha)

    def label_events(self, number: int) -> tuple[LabelEvent, ...]:
        """Who set which label when."""
        events = self._api.pages(f"{self._repo}/issues/{number}/events")
        wanted = ("labeled", "unlabeled")
        return tuple(read.label_event(event) for event in events if event.get("event") in wanted)

    def set_labels(self, number: int, add: Sequence[str], remove: Sequence[str]) -> None:
        """Put on and take off; GitHub makes labels that are missing."""

        path = f"{self._repo}/issues/{number}/labels"
        if add:
            self._put_on(path, {"labels": list(add)})
        for label in remove:
            try:
                self._api.bring("DELETE", f"{path}/{quoted(label)}", permission=_PULLS)
            except NotFoundError:
                continue

    def create(self, change: Change, title: str, body: str, head: str) -> PullRequest:
        """Open one, or return the one that is open for the branch."""
        content = {
            "title": title,
            "body": body,
            "head": change.branch,
            "base": change.base,
            "draft": change.etiquette.draft,
        }
        try:
            return self._api.make(
                f"{self._repo}/pulls",
                content,
                lambda: self._opened(change.branch, head),
                lambda data: read.pull_request(data, self.repository),
                permission=_PULLS,
            )
        except RefusedError as error:
            there = self._opened(change.branch, head) if "already exists" in error.message else None
            if there is None:
                raise
            return there
        except ForbiddenError as error:
            if "not permitted to create" in error.message:
                raise ForbiddenError(error.message, _NO_ROBOTS, permission=_PULLS) from error
            raise

    def _opened(self, branch: str, head: str) -> PullRequest | None:
        """The open one of the branch; the list by head may miss it when its owner has a fork."""
        found = (*self.pulls(branch), *self.open_pulls())
        ours = (pull for pull in found if pull.head == branch and not pull.fork)
        fits = (pull for pull in ours if pull.state is PullState.OPEN)
        return next((pull for pull in fits if not head or pull.head_sha == head), None)

    def describe(self, pull: PullRequest, title: str, body: str) -> None:
        """Replace title and text."""
        self._patch(pull, {"title": title, "body": body})

    def close(self, pull: PullRequest, body: str) -> None:
        """Close with this text."""
        self._patch(pull, {"state": "closed", "body": body})

    def _patch(self, pull: PullRequest, body: dict[str, str]) -> None:
        self._api.bring("PATCH", f"{self._repo}/pulls/{pull.number}", body, permission=_PULLS)

    def dress(self, pull: PullRequest, change: Change) -> None:
        """Labels and reviewers, once: what a person took away stays away."""
        labels = [name for name in change.etiquette.labels if name not in pull.labels]
        people = change.etiquette.reviewers if not pull.reviewers else ()
        if not labels and not people:
            return
        if pull.labels or pull.reviewers or self._is_older(pull):
            events = list(self._api.pages(f"{self._repo}/issues/{pull.number}/events"))
            known = {(event.get("label") or {}).get("name") for event in events}
            labels = [name for name in labels if name not in known]
            asked = any(event.get("event") == "review_requested" for event in events)
            people = () if asked else people
        self.set_labels(pull.number, labels, ())
        self._ask(pull, people)

    def _is_older(self, pull: PullRequest) -> bool:
        """Whether it was there before: a new one was never updated."""
        return pull.updated != pull.created

    def _ask(self, pull: PullRequest, people: Sequence[str]) -> None:
        names = [name.removeprefix("@") for name in people]
        users = [name for name in names if "/" not in name and name != pull.author]
        teams = [name.partition("/")[2] for name in names if "/" in name]
        if not users and not teams:
            return
        path = f"{self._repo}/pulls/{pull.number}/requested_reviewers"
        whole = {"reviewers": users, "team_reviewers": teams}
        alone = [{"reviewers": [user]} for user in users]
        alone += [{"team_reviewers": [team]} for team in teams]
        try:
            self._put_on(path, whole)
        except RefusedError:  # one who is no collaborator spoils it for the others
            for body in alone:
                try:
                    self._api.ask(Request("POST", path, {}, body), permission=_PULLS)
                except RefusedError:
                    continue

    def _put_on(self, path: str, body: dict[str, list[str]]) -> None:
        """A POST that may be sent again, because the same again changes nothing. For some seconds
        GitHub may not find the pull request that it has just made."""
        for look in range(1, _LOOKS + 1):
            try:
                self._api.ask(Request("POST", path, {}, body), permission=_PULLS)
            except RefusedError as error:
                if _NOT_YET not in error.message or look == _LOOKS:
                    raise
                self._link.pause(_BETWEEN_LOOKS)
            else:
                return
