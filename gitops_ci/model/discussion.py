"""What is said on a pull request: comments below it, and threads on lines of its diff."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Comment(Struct, frozen=True):
    """One comment on a pull request. `mine` says that this run's token wrote it, as far as the
    forge tells; a marker in the body has to agree before it is edited."""

    id: str
    author: str
    mine: bool
    body: str
    at: datetime | None = None
    url: str = ""


class LineComment(Struct, frozen=True):
    """A comment to be put on a line of the head's side of a diff. `start_line` begins a range, 0
    means the one line; `line` 0 means the file as a whole. `old_path` and `old_line` are where the
    line was before, for a line that the change left alone: GitLab wants both sides."""

    path: str
    line: int
    body: str
    start_line: int = 0
    old_path: str = ""
    old_line: int = 0


class Thread(Struct, frozen=True):
    """A thread on the diff. `mine` says that this run's token started it; `replies` counts what
    others added. `line` is 0 when the thread is outdated or about the whole file. `settled` says
    that somebody else than who started it resolved it."""

    id: str
    path: str
    line: int
    body: str
    author: str
    mine: bool
    replies: int = 0
    resolved: bool = False
    settled: bool = False
    outdated: bool = False
    resolvable: bool = True
    comment: str = ""
