"""A forge's service in memory: what a step reads from it is set up, what it writes is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gitops_ci.forge.none import NoForges
from gitops_ci.forge.port import Service
from gitops_ci.model.discussion import Comment, LineComment, Thread
from gitops_ci.model.forge_errors import ForgeError, NotFoundError
from gitops_ci.model.pull_request import PullFile, PullRequest, PullState


def pull_request(number: int = 7, head_sha: str = "a" * 40) -> PullRequest:
    return PullRequest(number, "", PullState.OPEN, "change", "", "ann", "topic", head_sha, "main")


@dataclass
class FakeService:
    """Comments and threads of one pull request. `refuses` maps a method to the error it raises;
    `written` lists the methods that wrote, in order."""

    pull_: PullRequest = field(default_factory=pull_request)
    files: tuple[PullFile, ...] = ()
    refuses: dict[str, ForgeError] = field(default_factory=dict)
    comments_: list[Comment] = field(default_factory=list)
    threads_: list[Thread] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    name: str = "github"

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
    """Forges of a run that belongs to `fake`."""

    def __init__(self, fake: FakeService | None) -> None:
        self._fake = fake

    def service(self, repository: str = "") -> Service | None:
        return self._fake  # type: ignore[return-value]  # it does what these steps ask for
