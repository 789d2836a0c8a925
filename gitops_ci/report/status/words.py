"""What every form of the status says in the same words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from msgspec import Struct

from gitops_ci.promote.status.board import Board, Cell, Stand
from gitops_ci.promote.words.tables import short_version

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))
_MANY = 3

STANDS = {
    Stand.FIRST: "",
    Stand.LEVEL: "up to date",
    Stand.BEHIND: "behind",
    Stand.AHEAD: "ahead",
    Stand.BLOCKED: "blocked",
    Stand.ALONE: "",
    Stand.ABSENT: "not here yet",
}


def age(since: datetime | None, now: datetime) -> str:
    """How long ago, in one unit; empty when that is not known."""
    if since is None:
        return ""
    seconds = max(0, int((now - since).total_seconds()))
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return "just now"


def versions(cell: Cell) -> str:
    """Its versions on one line: one, or how many there are beside the first few."""
    if not cell.is_here:
        return "–"
    texts = [brief(text) for text in cell.versions]
    more = f" and {len(texts) - _MANY} more" if len(texts) > _MANY else ""
    return ", ".join(texts[:_MANY]) + more if texts else "no version"


def brief(version: str) -> str:
    """A version for a matrix: the tag says enough where there is one."""
    tag = version.partition("@")[0]
    return tag if tag and not tag.startswith("sha256:") else short_version(version)


def coming(cell: Cell) -> str:
    """What the next step brings."""
    return ", ".join(brief(text) for text in cell.coming[:_MANY]) or "a change"


class Sentence(Struct, frozen=True):
    """A sentence about a cell: `text`, and where it names a `command` what comes `after` that."""

    text: str
    command: str = ""
    after: str = ""

    def __str__(self) -> str:
        return f"{self.text}`{self.command}`{self.after}" if self.command else self.text


def details(cell: Cell, now: datetime) -> Iterator[Sentence]:
    """Sentences about a cell that is not simply up to date, without its name."""
    since = age(cell.compared_since, now)
    ago = f" for {since}" if since and since != "just now" else ""
    yield from _compared(cell, ago)
    if cell.hold is not None:
        yield Sentence(f"held {cell.hold.end}: {cell.hold.reason}")
    if cell.is_here and not cell.commit and cell.since is None:
        yield Sentence("not committed, or without a history")
    for name, texts in cell.clusters:
        shown = ", ".join(short_version(text) for text in texts)
        yield Sentence(f"{name}: {shown or 'no version'}")


def _compared(cell: Cell, ago: str) -> Iterator[Sentence]:
    waits = "; ".join(cell.waits)
    if cell.stand is Stand.BEHIND:
        next_step = f"waits for {waits}" if waits else "may move now"
        yield Sentence(f"behind{ago}: {coming(cell)} {next_step}")
    elif cell.stand is Stand.AHEAD and cell.offer:
        yield Sentence(f"ahead of its source{ago}: ", cell.offer, " brings it back")
    elif cell.stand is Stand.AHEAD:
        yield Sentence(f"ahead of its source{ago}")
    elif cell.stand is Stand.BLOCKED:
        yield Sentence(f"cannot move{ago}: {waits}")
    elif cell.stand is Stand.ABSENT:
        yield Sentence("not here yet: ", "promote --scaffold", " proposes its files")


def summary(board: Board) -> str:
    """The counts in one sentence."""
    parts = [
        f"{board.count(stand)} {STANDS[stand]}"
        for stand in (Stand.LEVEL, Stand.BEHIND, Stand.AHEAD, Stand.BLOCKED)
        if board.count(stand)
    ]
    held = sum(cell.hold is not None for cell in board.cells)
    parts += [f"{held} held"] if held else []
    frozen = [column.name for column in board.columns if column.freeze is not None]
    parts += [f"frozen: {', '.join(frozen)}"] if frozen else []
    return ", ".join(parts) or "nothing to compare"


def moment(at: datetime) -> str:
    """A moment for people, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
