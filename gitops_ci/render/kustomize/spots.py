"""Places that are remembered cheaply and turned into lines only when somebody asks."""

from __future__ import annotations

from typing import NamedTuple

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import lines_of, locate, span_of
from gitops_ci.documents.text import Lines, decode
from gitops_ci.model.span import Location, Route


class Spot(NamedTuple):
    """The value at `route` of one document, or its key. `outer` is set when the text of `source`
    is itself a scalar of another file, such as an inline patch; `line` (from 1) when the file is
    not YAML and the whole line is meant."""

    source: SourceFile
    document: int = 0
    route: Route = ()
    key: bool = False
    outer: Spot | None = None
    line: int = 0

    def at(self, route: Route, *, key: bool = False) -> Spot:
        """The spot of another value of the same document."""
        return Spot(self.source, self.document, route, key, self.outer, self.line)

    def below(self, *steps: str | int) -> Spot:
        """The spot of a value inside this one."""
        route = (*self.route, *steps)
        return Spot(self.source, self.document, route, self.key, self.outer, self.line)

    @property
    def location(self) -> Location:
        """Where it is; the nearest parent when the route does not exist."""
        return locate_spot(self)[0]


def locate_spot(spot: Spot) -> tuple[Location, bool]:
    """The location of a spot in the outermost file, and whether the route exists there."""
    if spot.line:
        return _line(spot), True
    place = locate(spot.source, spot.document, spot.route, "key" if spot.key else "value")
    if spot.outer is None:
        return place.location, place.exact
    nested = lines_of(spot.source).text
    return _outward(place.location, nested, spot.outer), place.exact


def source_text(spot: Spot) -> str:
    """The characters at the spot in its own source, quotes included; empty when it is not there."""
    place = locate(spot.source, spot.document, spot.route, "key" if spot.key else "value")
    if place.location.span is None or not place.exact:
        return ""
    text = lines_of(spot.source).text
    return text[place.location.span.start : place.location.span.end]


def _line(spot: Spot) -> Location:
    try:
        lines = Lines(decode(spot.source.data))
    except UnicodeDecodeError:
        return Location(spot.source.path)
    start = lines.offset(spot.line, 1)
    return Location(spot.source.path, lines.span(start, start + len(lines.line(spot.line))))


def _outward(inner: Location, nested: str, outer: Spot) -> Location:
    """The place in the file around a text that stands in one of its scalars."""
    around = locate_spot(outer)[0]
    scalar = span_of(outer.source, outer.document, outer.route)
    if inner.span is None or scalar is None or scalar.span is None or outer.outer is not None:
        return around
    lines = lines_of(outer.source)
    if lines.text[scalar.span.start : scalar.span.start + 1] == "|":
        first, indent = _block_start(lines.text, scalar.span.start)
        begin = lines.offset(first - 1 + inner.span.line, indent + inner.span.column)
        end = lines.offset(first - 1 + inner.span.end_line, indent + inner.span.end_column)
    else:
        text = lines.text[scalar.span.start : scalar.span.end]
        begin = scalar.span.start + _same_place(text, nested, inner.span.start)
        end = scalar.span.start + _same_place(text, nested, inner.span.end)
    return Location(around.path, lines.span(begin, max(begin, end)), outer.route, outer.document)


def _block_start(text: str, header: int) -> tuple[int, int]:
    """The line of the first line of a block scalar's content, and the content's indentation."""
    line = text.count("\n", 0, header) + 2
    position = text.find("\n", header) + 1
    while position:
        end = text.find("\n", position)
        content = text[position : end if end != -1 else len(text)]
        if content.strip():
            return line, len(content) - len(content.lstrip(" "))
        position = end + 1
    return line, 0


def _same_place(written: str, text: str, offset: int) -> int:
    """Where the character at `offset` of a scalar's text stands in what was `written` for it. Only
    visible characters are counted, because folding and quoting change the others."""
    wanted = sum(not character.isspace() for character in text[:offset])
    quote = written[:1] if written[:1] in ("'", '"') else ""
    position = _content_start(written, quote)
    while position < len(written):
        size, visible = _character(written, position, quote)
        if visible:
            if wanted == 0:
                return position
            wanted -= 1
        position += size
    return len(written)


def _content_start(written: str, quote: str) -> int:
    if written[:1] == ">":
        return written.find("\n") + 1
    return len(quote)


def _character(written: str, position: int, quote: str) -> tuple[int, bool]:
    """How many characters stand for one of the text, and whether that one is visible."""
    character = written[position]
    if quote == '"' and character == "\\":
        escape = written[position + 1 : position + 2]
        size = {"x": 4, "u": 6, "U": 10}.get(escape, 2)
        return size, escape not in "nrt \n"
    if quote == "'" and written[position : position + 2] == "''":
        return 2, True
    return 1, not character.isspace()
