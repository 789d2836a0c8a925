"""The status for a terminal: the matrix, and below it what needs a word."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.output.terminal import clip, visible, width
from gitops_ci.promote.status.board import Board, Cell
from gitops_ci.report.status.words import STANDS, age, details, moment, summary, versions

_MOST = 40


def render(board: Board) -> str:
    """The whole text."""
    lines = [*_table(board), "", *_frozen(board), *_details(board)]
    lines += [f"note: {visible(note)}" for note in board.notes]
    return "\n".join(lines).rstrip("\n") + f"\n\n{visible(summary(board))}\n"


def _table(board: Board) -> Iterator[str]:
    head = ["app", *(f"{c.name}{' (frozen)' if c.freeze else ''}" for c in board.columns)]
    rows = [head, *([app, *(_cell(cell, board) for cell in cells)] for app, cells in board.rows)]
    texts = [[clip(visible(text), _MOST) for text in row] for row in rows]
    widths = [max(width(row[n]) for row in texts) for n in range(len(head))]
    for row in texts:
        padded = (t + " " * (w - width(t)) for t, w in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def _cell(cell: Cell, board: Board) -> str:
    if not cell.is_here:
        return "–"
    since = age(cell.since, board.now)
    words = [STANDS[cell.stand], "held" if cell.hold else ""]
    told = ", ".join(word for word in words if word)
    return f"{versions(cell)}{f'  {since}' if since else ''}{f'  {told}' if told else ''}"


def _frozen(board: Board) -> Iterator[str]:
    for column in board.columns:
        if column.freeze is not None:
            reason = f": {column.freeze.reason}" if column.freeze.reason else ""
            yield visible(f"{column.name} is frozen {column.freeze.end}{reason}")


def _details(board: Board) -> Iterator[str]:
    for cell in board.cells:
        for sentence in details(cell, board.now):
            yield visible(f"[{cell.environment} {cell.app}] {sentence}")
    yield f"as of {moment(board.now)}"
