"""The status as Markdown, with the graph of the environments for Mermaid.

Sources: docs.github.com "Creating diagrams", docs.gitlab.com "Mermaid"; in a label `#NUMBER;` is a
character (mermaid.js.org, "Entity codes to escape characters").
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.regex import regex
from gitops_ci.output.commands import shorten
from gitops_ci.output.markdown_text import code, prose
from gitops_ci.output.terminal import visible
from gitops_ci.promote.status.board import Board, Cell
from gitops_ci.report.status.words import STANDS, Sentence, age, details, moment, summary, versions

_PLAIN = regex(r"[^A-Za-z0-9 .-]")
_MOST = 500


def render(board: Board) -> str:
    """The whole text. Nothing in it that comes from the repository does anything."""
    lines = ["## Environments", "", prose(summary(board)), "", *_graph(board), "", *_table(board)]
    told = [*_frozen(board), *_details(board)]
    if told:
        lines += ["", *told[:_MOST]]
    lines += [f"\n{prose(note)}" for note in board.notes]
    return "\n".join([*lines, "", f"As of {moment(board.now)}."]) + "\n"


def _graph(board: Board) -> Iterator[str]:
    if not board.columns:
        return
    numbers = {column.name: number for number, column in enumerate(board.columns)}
    yield "```mermaid"
    yield "flowchart LR"
    for column in board.columns:
        sign = " (frozen)" if column.freeze else ""
        yield f'  e{numbers[column.name]}["{_label(column.name + sign)}"]'
    for column in board.columns:
        for source in column.sources:
            if source in numbers:
                behind = sum(
                    cell.stand.value == "behind"
                    for cell in board.cells
                    if cell.environment == column.name
                )
                text = f'|"{behind} behind"|' if behind else ""
                yield f"  e{numbers[source]} -->{text} e{numbers[column.name]}"
    yield "```"


def _label(text: str) -> str:
    return _PLAIN.sub(lambda char: f"#{ord(char.group())};", shorten(visible(text), 60))


def _table(board: Board) -> Iterator[str]:
    yield f"| app | {' | '.join(prose(column.name, 60) for column in board.columns)} |"
    yield f"|---|{'---|' * len(board.columns)}"
    for app, cells in board.rows[:_MOST]:
        yield f"| {code(app, 80)} | {' | '.join(_cell(cell, board) for cell in cells)} |"
    if len(board.rows) > _MOST:
        yield ""
        yield f"… and {len(board.rows) - _MOST} more apps."


def _cell(cell: Cell, board: Board) -> str:
    if not cell.is_here:
        return "–"
    since = age(cell.since, board.now)
    words = [since, STANDS[cell.stand], "held" if cell.hold else ""]
    told = ", ".join(word for word in words if word)
    return f"{code(versions(cell), 80)}{f' {told}' if told else ''}"


def _frozen(board: Board) -> Iterator[str]:
    for column in board.columns:
        if column.freeze is not None:
            reason = f": {prose(column.freeze.reason)}" if column.freeze.reason else ""
            yield f"* ❄️ {prose(column.name, 60)} is frozen {column.freeze.end}{reason}"


def _sentence(sentence: Sentence) -> str:
    command = code(sentence.command) if sentence.command else ""
    return f"{prose(sentence.text)}{command}{prose(sentence.after)}"


def _details(board: Board) -> Iterator[str]:
    for cell in board.cells:
        for sentence in details(cell, board.now):
            yield f"* {code(cell.app, 80)} in {prose(cell.environment, 60)}: {_sentence(sentence)}"
