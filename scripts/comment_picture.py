"""A picture of the comment on a pull request: the Markdown of a real report as an SVG.

Only what a comment is made of is drawn: headings, paragraphs, tables, folded parts.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from html import escape, unescape

_WIDTH, _PAD, _LINE = 880, 20, 20
_COLUMNS = ((52, 5), (96, 10), (516, 78), (176, 24))
"""Width in pixels and in characters of line, severity, finding and rule."""
_TAG = re.compile(r"<[^>]*>")
_RULER = re.compile(r"\|[-:| ]+\|\Z")
_CSS = """\
text{font:13px -apple-system,BlinkMacSystemFont,Segoe UI,Helvetica,Arial,sans-serif;fill:#1f2328}
.h1{font-size:18px;font-weight:600}.h2{font:600 13px ui-monospace,Menlo,Consolas,monospace}
.th{font-weight:600}.d{fill:#59636e}"""


def comment_svg(markdown: str) -> str:
    """The SVG of a comment."""
    rows: list[str] = []
    y = _PAD
    for kind, cells in _blocks(markdown):
        if kind in ("tr", "th"):
            wrapped = [
                [line for part in cell for line in textwrap.wrap(part, chars)]
                for cell, (_, chars) in zip(cells, _COLUMNS, strict=False)
            ]
            height = max(len(lines) for lines in wrapped) * _LINE + 8
            x = _PAD
            for lines, (width, _) in zip(wrapped, _COLUMNS, strict=False):
                rows.append(
                    f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="none" '
                    'stroke="#d1d9e0"/>'
                )
                style = "th" if kind == "th" else ""
                rows += [
                    _text(x + 8, y + (n + 1) * _LINE - 2, line, style if n == 0 else style or "d")
                    for n, line in enumerate(lines)
                ]
                x += width
            y += height
        else:
            rows.append(_text(_PAD, y + _LINE, cells[0][0], kind))
            y += _LINE + 14
    height = y + _PAD
    size = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    frame = f'width="{_WIDTH - 1}" height="{height - 1}" rx="6" fill="#fff" stroke="#d1d9e0"'
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="the comment">',
        f"<style>{_CSS}</style>",
        f'<rect x=".5" y=".5" {frame}/>',
    ]
    return "\n".join([*head, *rows, "</svg>\n"])


def _blocks(markdown: str) -> Iterator[tuple[str, list[list[str]]]]:
    """Every block with its kind; a cell of a table is a list of lines."""
    folded = header = False
    for line in markdown.splitlines():
        if line.startswith("<details"):
            folded = True
            yield "d", [["▸ " + _plain(line)]]
        elif line.startswith("</details"):
            folded = False
        elif folded or not line or _RULER.match(line):
            header = header and bool(line)
        elif line.startswith("|"):
            cells = line.strip("|").split("|")
            yield "tr" if header else "th", [[*map(_plain, cell.split("<br>"))] for cell in cells]
            header = True
        elif line.startswith("#"):
            depth = len(line) - len(line.lstrip("#"))
            yield "h1" if depth < 3 else "h2", [[_plain(line.lstrip("#"))]]
        else:
            yield "", [[_plain(line)]]


def _plain(text: str) -> str:
    return unescape(_TAG.sub("", text)).replace("\u200b", "").strip()


def _text(x: int, y: int, text: str, style: str) -> str:
    kind = f' class="{style}"' if style else ""
    return f'<text x="{x}" y="{y}"{kind}>{escape(text, quote=False)}</text>'
