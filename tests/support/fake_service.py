"""A forge's service in memory: what a step reads from it is set up, what it writes is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from gitops_ci.forge.none import NoForges
from gitops_ci.forge.port import GITHUB, Service
from gitops_ci.model.change import MergeMessage, MergeResult, Merging, Proposal
from gitops_ci.model.check_run import CheckRun, CommitStatus
from gitops_ci.model.deployment import Deployment, DeploymentState
from gitops_ci.model.discussion import Comment, LineComment, Thread
from gitops_ci.model.forge_errors import ForbiddenError, ForgeError, NotFoundError, StaleError
from gitops_ci.model.pull_request import (
    LabelEvent,
    PullCommit,
    PullFile,
    PullRequest,
    PullState,
    Review,
)


def pull_request(number: int = 7, head_sha: str = "a" * 40) -> PullRequest:
    return PullRequest(number, "", PullState.OPEN, "change", "", "ann", "topic", head_sha, "main")


@dataclass
class FakeService:
    """Comments and threads of one pull request. `refuses` maps a method to the error it raises;
    `written` lists the methods that wrote, in order."""

    pull_: PullRequest = field(default_factory=pull_request)
    files: tuple[PullFile, ...] = ()
    refuses: dict[str, ForgeError | StaleError] = field(default_factory=dict)
    comments_: list[Comment] = field(default_factory=list)
    threads_: list[Thread] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    name: str = GITHUB
    server: str = "https://forge.example"
    repository: str = "org/gitops"
    reviews_: list[Review] = field(default_factory=list)
    labels: list[LabelEvent] = field(default_factory=list)
    commits: list[PullCommit] = field(default_factory=list)
    teams: dict[str, frozenset[str]] = field(default_factory=dict)
    checks_: dict[str, tuple[CheckRun, ...]] = field(default_factory=dict)
    deployments_: dict[str, tuple[Deployment, ...]] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, CommitStatus] = field(default_factory=dict)
    tips: dict[str, str] = field(default_factory=dict)
    brought: dict[str, frozenset[str]] = field(default_factory=dict)
    merged: list[tuple[Proposal, MergeMessage]] = field(default_factory=list)
    merging: MergeResult = field(default_factory=lambda: MergeResult(Merging.MERGED, "f" * 40))

    @property
    def forge(self) -> FakeService:
        return self

    def tip(self, branch: str) -> str:
        return self.tips.get(branch, "")

    def open_pulls(self) -> Iterator[PullRequest]:
        self._enter("open_pulls")
        yield self.pull_

    def reviews(self, number: int) -> tuple[Review, ...]:
        self._enter("reviews")
        return tuple(self.reviews_)

    def label_events(self, number: int) -> tuple[LabelEvent, ...]:
        return tuple(self.labels)

    def pull_commits(self, number: int) -> tuple[PullCommit, ...]:
        return tuple(self.commits)

    def brought_by(self, sha: str) -> frozenset[str]:
        self._enter("brought_by")
        return self.brought.get(sha, frozenset())

    def merge(self, proposal: Proposal, message: MergeMessage) -> MergeResult:
        self._enter("merge", writes=True)
        self.merged.append((proposal, message))
        return self.merging

    def members(self, team: str) -> frozenset[str]:
        if team not in self.teams:
            raise ForbiddenError(f"{team} cannot be read", permission="members: read")
        return self.teams[team]

    def may_write(self, login: str) -> bool:
        return True

    def checks(self, sha: str) -> tuple[CheckRun, ...]:
        self._enter("checks")
        return self.checks_.get(sha, ())

    def deployments(self, environment: str, sha: str = "") -> tuple[Deployment, ...]:
        return self.deployments_.get(environment, ())

    def record_deployment(
        self, environment: str, sha: str, state: DeploymentState, description: str = ""
    ) -> Deployment:
        there = [item for item in self.deployments_.get(environment, ()) if item.sha == sha]
        if there and there[0].has_reached(state):
            return there[0]
        self._enter("record_deployment", writes=True)
        made = Deployment("1", environment, sha, state)
        others = tuple(i for i in self.deployments_.get(environment, ()) if i.sha != sha)
        self.deployments_[environment] = (made, *others)
        return made

    def variable(self, name: str) -> str | None:
        self._enter("variable")
        return self.variables.get(name)

    def set_status(self, sha: str, status: CommitStatus) -> bool:
        if self.statuses.get(sha) == status:
            return False
        self._enter("set_status", writes=True)
        self.statuses[sha] = status
        return True

    def _enter(self, method: str, *, writes: bool = False) -> None:
        if method in self.refuses:
            raise self.refuses[method]
        if writes:
            self.written.append(method)

    def pull(self, number: int) -> PullRequest:
        self._enter("pull")
        if number != self.pull_.number:
            raise NotFoundError(f"there is no pull request {number}")
        return self.pull_

    def pulls_with_head(self, sha: str) -> tuple[PullRequest, ...]:
        self._enter("pulls_with_head")
        return (self.pull_,) if sha == self.pull_.head_sha else ()

    def pull_files(self, number: int) -> tuple[PullFile, ...]:
        self._enter("pull_files")
        return self.files

    def comments(self, number: int) -> tuple[Comment, ...]:
        self._enter("comments")
        return tuple(self.comments_)

    def add_comment(self, number: int, body: str, marker: str) -> Comment:
        self._enter("add_comment", writes=True)
        assert marker in body
        self.comments_.append(Comment(str(len(self.comments_)), "bot", True, body))
        return self.comments_[-1]

    def edit_comment(self, number: int, comment: Comment, body: str) -> None:
        self._enter("edit_comment", writes=True)
        at = next(at for at, item in enumerate(self.comments_) if item.id == comment.id)
        self.comments_[at] = replace(comment, body=body)

    def delete_comment(self, number: int, comment: Comment) -> None:
        self._enter("delete_comment", writes=True)
        self.comments_ = [item for item in self.comments_ if item.id != comment.id]

    def threads(self, number: int) -> tuple[Thread, ...]:
        self._enter("threads")
        return tuple(self.threads_)

    def add_review(self, pull: PullRequest, body: str, comments: Sequence[LineComment]) -> None:
        self._enter("add_review", writes=True)
        for item in comments:
            self.threads_.append(
                Thread(str(len(self.threads_)), item.path, item.line, item.body, "bot", mine=True)
            )

    def resolve(self, number: int, thread: Thread) -> bool:
        self._enter("resolve", writes=True)
        at = self.threads_.index(thread)
        self.threads_[at] = replace(thread, resolved=True)
        return True


class OneService(NoForges):
    """Forges of a run that belongs to `fake`; `others` are the repositories beside its own."""

    def __init__(
        self, fake: FakeService | None, others: Mapping[str, FakeService] | None = None
    ) -> None:
        self._fake, self._others = fake, others or {}

    def service(self, repository: str = "") -> Service | None:
        return self._others[repository] if repository else self._fake  # type: ignore[return-value]  # it does what these steps ask for
