"""The status as one page: the matrix, and what needs a word. On a narrow screen each app is a card.

Colours repeat what words say. The page loads nothing and runs nothing, and says so to the browser
(Content Security Policy level 3).
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from importlib.resources import files

from gitops_ci.output.terminal import visible
from gitops_ci.promote.status.board import Board, Cell, Column, Stand
from gitops_ci.report.status.words import STANDS, Sentence, age, details, moment, summary, versions

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_SIGNS = {
    Stand.LEVEL: "✓",
    Stand.BEHIND: "↓",
    Stand.AHEAD: "↑",
    Stand.BLOCKED: "✕",
    Stand.ABSENT: "…",
}


def render(board: Board) -> str:
    """The page. Everything that comes from the repository is text in it."""
    style = files("gitops_ci.report.html").joinpath("style.css").read_text("utf-8")
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<title>Environments</title>",
        f"<style>\n{style}</style>",
        "</head>",
        "<body>",
        "<main>",
        "<h1>Environments</h1>",
        f'<p class="about">{_text(summary(board))} · {_when(board)}</p>',
        *_flow(board),
        *_table(board),
        *_told(board),
        "<footer>Written by gitops-ci from the repository alone.</footer>",
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _when(board: Board) -> str:
    return f'<span class="when">as of {moment(board.now)}</span>'


def _text(text: str) -> str:
    return escape(visible(text))


def _flow(board: Board) -> Iterator[str]:
    yield '<ol class="flow" aria-label="Order of the environments">'
    for column in board.columns:
        source = f"from {' and '.join(column.sources)}" if column.sources else "versions enter here"
        yield f"<li>{_text(column.name)}{_frozen_tag(column)}<small>{_text(source)}</small></li>"
    yield "</ol>"


def _frozen_tag(column: Column) -> str:
    return ' <span class="tag frozen">❄ frozen</span>' if column.freeze else ""


def _table(board: Board) -> Iterator[str]:
    if not board.rows:
        yield "<p>No app is found in these environments.</p>"
        return
    yield '<div class="scroll" tabindex="0" role="region" aria-label="Versions by environment">'
    yield "<table>"
    yield "<caption>The version of each app in each environment</caption>"
    heads = "".join(f'<th scope="col">{_text(column.name)}</th>' for column in board.columns)
    yield f'<thead><tr><th scope="col">App</th>{heads}</tr></thead>'
    yield "<tbody>"
    for app, cells in board.rows:
        inner = "".join(_cell(cell, board) for cell in cells)
        yield f'<tr><th scope="row">{_text(app)}</th>{inner}</tr>'
    yield "</tbody>"
    yield "</table>"
    yield "</div>"


def _cell(cell: Cell, board: Board) -> str:
    label = f'data-label="{_text(cell.environment)}"'
    if not cell.is_here:
        words = STANDS[cell.stand] or "not here"
        return f'<td {label}><span class="none">{words}</span></td>'
    since = age(cell.since, board.now)
    title = f' title="since {moment(cell.since)}"' if cell.since else ""
    parts = [f'<span class="version">{_text(versions(cell))}</span>']
    parts += [f'<span class="age"{title}>{since}</span>'] if since else []
    if STANDS[cell.stand]:
        sign, word = _SIGNS[cell.stand], STANDS[cell.stand]
        parts.append(f'<span class="tag {cell.stand.value}">{sign} {word}</span>')
    parts += ['<span class="tag held">■ held</span>'] if cell.hold else []
    return f"<td {label}><div>{''.join(parts)}</div></td>"


def _told(board: Board) -> Iterator[str]:
    items = [
        (column.name, [_text(f"frozen {column.freeze.end}{_reason(column.freeze.reason)}")])
        for column in board.columns
        if column.freeze is not None
    ]
    items += [
        (
            f"{cell.app} in {cell.environment}",
            [_sentence(one) for one in details(cell, board.now)],
        )
        for cell in board.cells
    ]
    items += [("Note", [_text(note)]) for note in board.notes]
    if any(sentences for _, sentences in items):
        yield "<h2>What needs a word</h2>"
        yield '<ul class="told">'
        yield from (
            f"<li><b>{_text(name)}</b> {'<br>'.join(sentences)}</li>"
            for name, sentences in items
            if sentences
        )
        yield "</ul>"


def _sentence(sentence: Sentence) -> str:
    command = f"<code>{_text(sentence.command)}</code>" if sentence.command else ""
    return f"{_text(sentence.text)}{command}{_text(sentence.after)}"


def _reason(text: str) -> str:
    return f": {text}" if text else ""
