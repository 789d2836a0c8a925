"""Comments and review threads on GitHub."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from gitops_ci.forge.github.part import Part
from gitops_ci.forge.github.read import login, moment
from gitops_ci.model.discussion import Comment, LineComment, Thread
from gitops_ci.model.forge_errors import ForbiddenError, NotFoundError
from gitops_ci.model.pull_request import PullRequest

_PULLS = "pull-requests: write"
_COMMENTS = """query($owner:String!,$name:String!,$number:Int!,$after:String){
repository(owner:$owner,name:$name){pullRequest(number:$number){comments(first:100,after:$after){
pageInfo{hasNextPage endCursor}
nodes{databaseId body viewerDidAuthor createdAt url author{login}}}}}}"""
_THREADS = """query($owner:String!,$name:String!,$number:Int!,$after:String){
repository(owner:$owner,name:$name){pullRequest(number:$number){
reviewThreads(first:100,after:$after){pageInfo{hasNextPage endCursor}
nodes{id path line isResolved resolvedBy{login} isOutdated viewerCanResolve
comments(first:1){totalCount nodes{id body viewerDidAuthor author{login}}}}}}}}"""
_RESOLVE = """mutation($input:ResolveReviewThreadInput!){
resolveReviewThread(input:$input){thread{isResolved}}}"""
_HIDE = """mutation($input:MinimizeCommentInput!){
minimizeComment(input:$input){minimizedComment{isMinimized}}}"""
_SEEN = "query($id:ID!){node(id:$id){... on PullRequestReviewComment{isMinimized}}}"


class Talk(Part):
    """Reads and writes comments. Who wrote one is asked as `viewerDidAuthor`: a workflow's token
    may not ask for its own name."""

    def comments(self, number: int) -> tuple[Comment, ...]:
        """All of them."""
        nodes = self._nodes(_COMMENTS, "comments", number)
        return tuple(
            Comment(
                str(data["databaseId"]),
                login(data.get("author")),
                bool(data["viewerDidAuthor"]),
                str(data["body"]),
                moment(data["createdAt"]),
                str(data["url"]),
            )
            for data in nodes
        )

    def add_comment(self, number: int, body: str, marker: str) -> Comment:
        """A new comment."""
        return self._api.make(
            f"{self._repo}/issues/{number}/comments",
            {"body": body},
            lambda: self._marked(number, marker),
            lambda data: Comment(
                str(data["id"]), login(data.get("user")), True, str(data["body"]),
                moment(data.get("created_at")), str(data["html_url"]),
            ),
            permission=_PULLS,
        )  # fmt: skip

    def _marked(self, number: int, marker: str) -> Comment | None:
        found = (c for c in self.comments(number) if c.mine and marker in c.body)
        return next(found, None)

    def edit_comment(self, number: int, comment: Comment, body: str) -> None:  # noqa: ARG002 - the port has it
        """Replace its text."""
        path = f"{self._repo}/issues/comments/{comment.id}"
        self._api.bring("PATCH", path, {"body": body}, permission=_PULLS)

    def delete_comment(self, number: int, comment: Comment) -> None:  # noqa: ARG002 - the port has it
        """Take it away."""
        with contextlib.suppress(NotFoundError):
            path = f"{self._repo}/issues/comments/{comment.id}"
            self._api.bring("DELETE", path, permission=_PULLS)

    def tell(self, pull: PullRequest, text: str, marker: str) -> None:
        """Comment once."""
        if self._marked(pull.number, marker) is None:
            self.add_comment(pull.number, text, marker)

    def threads(self, number: int) -> tuple[Thread, ...]:
        """All review threads."""
        return tuple(map(_thread, self._nodes(_THREADS, "reviewThreads", number)))

    def _nodes(self, text: str, connection: str, number: int) -> list[Any]:
        way = ("repository", "pullRequest", connection)
        variables = {"owner": self._owner, "name": self._short, "number": number}
        return list(self._graph.nodes(text, way, **variables))

    def add_review(self, pull: PullRequest, body: str, comments: Sequence[LineComment]) -> None:
        """One review with all comments on lines; a comment on a whole file is one of its own,
        which reviews do not have."""
        lines = [comment for comment in comments if comment.line]
        path = f"{self._repo}/pulls/{pull.number}"
        before = {thread.id for thread in self.threads(pull.number)} if comments else set()
        if lines or body:
            content = {
                "commit_id": pull.head_sha,
                "event": "COMMENT",
                "body": body,
                "comments": [_line(comment) for comment in lines],
            }
            self._api.make(
                f"{path}/reviews",
                content,
                lambda: self._appeared(pull.number, before, [item.body for item in lines]),
                lambda _: True,
                permission=_PULLS,
            )
        for comment in comments:
            if not comment.line:
                content = {
                    "commit_id": pull.head_sha,
                    "path": comment.path,
                    "body": comment.body,
                    "subject_type": "file",
                }
                self._api.make(
                    f"{path}/comments",
                    content,
                    lambda text=comment.body: self._appeared(pull.number, before, [text]),  # type: ignore[misc]  # mypy knows no defaults of lambdas
                    lambda _: True,
                    permission=_PULLS,
                )

    def _appeared(self, number: int, before: set[str], bodies: list[str]) -> bool | None:
        """True when the texts stand in threads that were not there before."""
        new = {t.body for t in self.threads(number) if t.id not in before and t.mine}
        return True if bodies and all(body in new for body in bodies) else None

    def resolve(self, number: int, thread: Thread) -> bool:
        """Resolve it, which needs `contents: write`; else hide its comment as outdated."""
        if thread.resolved:
            return True
        if thread.resolvable:
            try:
                self._graph.mutate(
                    _RESOLVE,
                    lambda: self._resolved(number, thread.id),
                    permission="contents: write",
                    input={"threadId": thread.id},
                )
            except ForbiddenError:
                return self._hide(thread)
            return True
        return self._hide(thread)

    def _resolved(self, number: int, thread: str) -> str | None:
        known = {item.id: item.resolved for item in self.threads(number)}
        return "done" if known.get(thread) else None

    def _hide(self, thread: Thread) -> bool:
        def hidden() -> str | None:
            node = self._graph.query(_SEEN, id=thread.comment)["node"] or {}
            return "done" if node.get("isMinimized") else None

        content = {"subjectId": thread.comment, "classifier": "OUTDATED"}
        try:
            self._graph.mutate(_HIDE, hidden, permission=_PULLS, input=content)
        except ForbiddenError:
            return False
        return True


def _line(comment: LineComment) -> dict[str, Any]:
    place: dict[str, Any] = {"path": comment.path, "line": comment.line, "side": "RIGHT"}
    if comment.start_line and comment.start_line < comment.line:
        place |= {"start_line": comment.start_line, "start_side": "RIGHT"}
    return {**place, "body": comment.body}


def _thread(data: Any) -> Thread:
    nodes = data["comments"]["nodes"]
    first = nodes[0] if nodes else {}
    author = login(first.get("author"))
    resolver = login(data.get("resolvedBy"))
    return Thread(
        str(data["id"]),
        str(data["path"]),
        int(data.get("line") or 0),
        str(first.get("body") or ""),
        author,
        bool(first.get("viewerDidAuthor")),
        replies=max(int(data["comments"]["totalCount"]) - 1, 0),
        resolved=bool(data["isResolved"]),
        settled=bool(data["isResolved"] and resolver) and _plain(resolver) != _plain(author),
        outdated=bool(data["isOutdated"]),
        resolvable=bool(data["viewerCanResolve"]),
        comment=str(first.get("id") or ""),
    )


def _plain(account: str) -> str:
    """A login as actors of GraphQL have it: those of REST end in [bot] for an app."""
    return account.removesuffix("[bot]")
