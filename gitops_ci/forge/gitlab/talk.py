"""Notes and discussions on GitLab."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from gitops_ci.forge.gitlab import diff_notes
from gitops_ci.forge.gitlab.part import Part, quoted
from gitops_ci.forge.gitlab.read import moment, username
from gitops_ci.model.discussion import Comment, LineComment, Thread
from gitops_ci.model.forge_errors import (
    ForbiddenError,
    NotFoundError,
    RefusedError,
    UnauthorisedError,
)
from gitops_ci.model.pull_request import PullRequest

_API = "api, role Reporter: a job's own token cannot write notes"


class Talk(Part):
    """Reads and writes notes."""

    _me: str | None = None

    def viewer(self) -> str:
        """The name of the token's account; empty for a job's token, which has none."""
        if self._me is None:
            try:
                self._me = "" if self._link.wire.is_job else username(self._api.get("/user"))
            except (UnauthorisedError, ForbiddenError, NotFoundError):
                self._me = ""
        return self._me

    def comments(self, number: int) -> tuple[Comment, ...]:
        """The notes that people and programs wrote, without those on the diff."""
        found = self._api.pages(f"{self._merge_request(number)}/notes", sort="asc")
        return tuple(
            self._comment(data)
            for data in found
            if not data.get("system") and data.get("type") != "DiffNote"
        )

    def _comment(self, data: Any) -> Comment:
        author = username(data.get("author"))
        mine = bool(author) and author == self.viewer()
        text, at = str(data["body"]), moment(data["created_at"])
        return Comment(str(data["id"]), author, mine, text, at)

    def add_comment(self, number: int, body: str, marker: str) -> Comment:
        """A new note."""
        return self._api.make(
            f"{self._merge_request(number)}/notes",
            {"body": body},
            lambda: self._marked(number, marker),
            self._comment,
            permission=_API,
        )

    def _marked(self, number: int, marker: str) -> Comment | None:
        found = (c for c in self.comments(number) if c.mine and marker in c.body)
        return next(found, None)

    def edit_comment(self, number: int, comment: Comment, body: str) -> None:
        """Replace its text."""
        path = f"{self._merge_request(number)}/notes/{comment.id}"
        self._api.bring("PUT", path, {"body": body}, permission=_API)

    def delete_comment(self, number: int, comment: Comment) -> None:
        """Take it away."""
        with contextlib.suppress(NotFoundError):
            path = f"{self._merge_request(number)}/notes/{comment.id}"
            self._api.bring("DELETE", path, permission=_API)

    def tell(self, pull: PullRequest, text: str, marker: str) -> None:
        """Comment once."""
        if self._marked(pull.number, marker) is None:
            self.add_comment(pull.number, text, marker)

    def threads(self, number: int) -> tuple[Thread, ...]:
        """All discussions on the diff."""
        found = self._api.pages(f"{self._merge_request(number)}/discussions")
        threads = (_thread(data, self.viewer()) for data in found)
        return tuple(thread for thread in threads if thread is not None)

    def add_review(self, pull: PullRequest, body: str, comments: Sequence[LineComment]) -> None:
        """One discussion for each comment, those on lines in one call."""
        data = self._api.get(self._merge_request(pull.number))
        if data["diff_refs"]["head_sha"] != pull.head_sha:
            raise RefusedError(f"!{pull.number} moved since it was checked", status=409)
        before = frozenset(thread.id for thread in self.threads(pull.number))
        left = [comment for comment in comments if comment.line]
        while left:
            done = self._note(pull.number, data, left[: diff_notes.MOST], before)
            left = [comment for comment in left if comment.body not in done]
        for comment in comments:
            if not comment.line:
                self._discuss(pull.number, data, comment, before)
        if body:
            self.add_comment(pull.number, body, body)

    def _note(
        self, number: int, data: Any, comments: Sequence[LineComment], before: frozenset[str]
    ) -> frozenset[str]:
        """The texts of the comments that stand then: all, or some when the answer got lost. Where
        GitLab takes no such mutation, each is a discussion by REST."""
        texts = frozenset(comment.body for comment in comments)
        try:
            done = self._api.make(
                diff_notes.ENDPOINT,
                diff_notes.mutation(data, comments),
                lambda: self._appeared(number, before) & texts or None,
                lambda answer: texts if diff_notes.checked(answer, _API) else frozenset(),
                permission=_API,
            )
        except NotFoundError:
            done = frozenset()
        if not done:
            for comment in comments:
                self._discuss(number, data, comment, before)
        return done or texts

    def _discuss(
        self, number: int, data: Any, comment: LineComment, before: frozenset[str]
    ) -> None:
        """GitLab answers 400 or 500 to a place outside of the diff, and may have saved the note
        all the same."""
        self._api.make(
            f"{self._merge_request(number)}/discussions",
            {"body": comment.body, "position": _position(comment, data["diff_refs"])},
            lambda: comment.body in self._appeared(number, before) or None,
            lambda _: True,
            permission=_API,
        )

    def _appeared(self, number: int, before: frozenset[str]) -> frozenset[str]:
        """The texts of our own discussions that were not there before."""
        new = (t for t in self.threads(number) if t.id not in before and t.mine)
        return frozenset(thread.body for thread in new)

    def resolve(self, number: int, thread: Thread) -> bool:
        """Resolve it."""
        if thread.resolved:
            return True
        path = f"{self._merge_request(number)}/discussions/{quoted(thread.id)}"
        try:
            self._api.bring("PUT", path, {"resolved": True}, permission=_API)
        except (ForbiddenError, UnauthorisedError):
            return False
        return True


def _position(comment: LineComment, refs: Any) -> dict[str, Any]:
    """Both paths are always sent; both lines for one that the change left alone."""
    place: dict[str, Any] = {
        "base_sha": refs["base_sha"],
        "start_sha": refs["start_sha"],
        "head_sha": refs["head_sha"],
        "position_type": "text" if comment.line else "file",
        "old_path": comment.old_path or comment.path,
        "new_path": comment.path,
    }
    place |= {"new_line": comment.line} if comment.line else {}
    return place | ({"old_line": comment.old_line} if comment.old_line else {})


def _thread(data: Any, viewer: str) -> Thread | None:
    notes = [note for note in data.get("notes") or () if not note.get("system")]
    first = notes[0] if notes else {}
    position = first.get("position")
    if not position:
        return None
    author = username(first.get("author"))
    resolved = bool(first.get("resolved"))
    return Thread(
        str(data["id"]),
        str(position.get("new_path") or ""),
        int(position.get("new_line") or 0),
        str(first["body"]),
        author,
        bool(author) and author == viewer,
        replies=len(notes) - 1,
        resolved=resolved,
        settled=resolved and username(first.get("resolved_by")) not in ("", author),
        resolvable=bool(first.get("resolvable")),
        comment=str(first["id"]),
    )
