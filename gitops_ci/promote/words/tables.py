"""The parts of a proposal's text as Markdown tables."""

from __future__ import annotations

import html
import shlex
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from gitops_ci.output.markdown_text import code, prose
from gitops_ci.promote.words.facts import Gated, Matrix, Row
from gitops_ci.promote.words.links import compare_link

MOST_ROWS = 60
_MOST_PLACES = 2
_CELL = 120
_DIGEST = len("sha256:") + 12


def short_version(text: str) -> str:
    """A version for people: of a digest the beginning is enough."""
    tag, at, digest = text.rpartition("@")
    if not at and not digest.startswith(("sha256:", "sha384:", "sha512:")):
        return text or "none"
    cut = f"{digest[:_DIGEST]}…" if len(digest) > _DIGEST else digest
    return f"{tag}@{cut}" if at else cut


def change_table(rows: Sequence[Row]) -> Iterator[str]:
    """Old and new of everything that moves, with a link that compares them where there is one."""
    yield "| what | from | to | where |"
    yield "|---|---|---|---|"
    for row in rows[:MOST_ROWS]:
        sign = " **downgrade**" if row.older else ""
        link = compare_link(row.source, _tag(row.before), _tag(row.after))
        compare = f' <a href="{html.escape(link)}">compare</a>' if link else ""
        before, after = _version(row.before), _version(row.after)
        cells = (code(row.name, _CELL), before, f"{after}{sign}{compare}", _places(row.places))
        yield f"| {' | '.join(cells)} |"
    yield from _more(len(rows) - MOST_ROWS)


def matrix_table(matrix: Matrix) -> Iterator[str]:
    """App by environment; a place where the app is not has a dash."""
    if not matrix.apps:
        return
    yield f"| app | {' | '.join(prose(name, _CELL) for name in matrix.environments)} |"
    yield f"|---|{'---|' * len(matrix.environments)}"
    for app, cells in list(matrix.apps.items())[:MOST_ROWS]:
        texts = (_version(cells[e]) if e in cells else "–" for e in matrix.environments)
        yield f"| {code(app, _CELL)} | {' | '.join(texts)} |"
    yield from _more(len(matrix.apps) - MOST_ROWS)


def gate_table(gates: Sequence[Gated], now: datetime | None = None) -> Iterator[str]:
    """What each gate says, and when that changes; the times are UTC."""
    if not gates:
        return
    yield "| gate | says | until |"
    yield "|---|---|---|"
    for gate in gates[:MOST_ROWS]:
        sign = "✅" if gate.is_open else "⏳" if gate.until else "⛔"
        until = f"{gate.until.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if gate.until else "–"
        yield f"| {sign} {code(gate.gate, _CELL)} | {prose(gate.text)} | {until} |"
    yield from _more(len(gates) - MOST_ROWS)
    if now is not None:
        yield ""
        yield f"As of {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC."


def command(words: Sequence[str]) -> str:
    """A command to copy: quoted for a shell, then for Markdown."""
    return code(shlex.join(words), 1000)


def _version(text: str) -> str:
    return code(short_version(text), _CELL)


def _tag(version: str) -> str:
    return version.partition("@")[0]


def _places(places: Sequence[str]) -> str:
    shown = ", ".join(code(place, _CELL) for place in places[:_MOST_PLACES])
    left = len(places) - _MOST_PLACES
    return f"{shown} and {left} more" if left > 0 else shown or "–"


def _more(left: int) -> Iterator[str]:
    if left > 0:
        yield ""
        yield f"… and {left} more."
