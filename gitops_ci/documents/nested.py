"""YAML inside a scalar: a patch in a block of text, the values of a chart, the data of a ConfigMap.

The text is a file of its own whose places map to the outer file line by line. Where that is not so
(folded lines, escapes), reading works and every edit is refused.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable

from msgspec import Struct
from yaml import ScalarNode

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.edit_proof import prove_text
from gitops_ci.documents.edit_text import line_start, newline_of, scalar_token
from gitops_ci.documents.edit_tree import EditRefusedError, Tree, open_tree
from gitops_ci.documents.read import read
from gitops_ci.documents.splice import StaleEditError, replacement, splice
from gitops_ci.model.edit import Edit
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route, Span

_LINE = regex(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


def read_nested(outer: SourceFile, text: str) -> SourceFile:
    """The text of a scalar of `outer`, read as YAML under the same path."""
    return read(outer.path, text.encode("utf-8", "surrogatepass"))


def outer_edits(
    outer: SourceFile, document: int, route: Route, edits: Iterable[Edit]
) -> tuple[Edit, ...]:
    """Edits of the text at `route` as edits of the file. They are proved together: the text
    becomes exactly what `edits` make of it and nothing else changes. Raises EditRefusedError."""
    tree = open_tree(outer)
    node = tree.node(document, route)
    if not isinstance(node, ScalarNode):
        raise EditRefusedError("the value is no text")
    ways = tree.raw_routes(document, node)
    if len(ways) > 1:
        raise EditRefusedError("the text is shared through an alias")
    inner = tuple(edits)
    places = _map(tree, node)
    made = tuple(places.edit(outer.path, tree, edit) for edit in inner)
    wanted = _spliced(node.value, inner)
    prove_text(outer, tree, document, ways, made, wanted)
    return made


def outer_span(outer: SourceFile, document: int, route: Route, span: Span) -> Span | None:
    """The place in the file of a place in the text at `route`; None where there is no such."""
    return _outer(outer, document, route, span, _map)


def folded_span(outer: SourceFile, document: int, route: Route, span: Span) -> Span | None:
    """The same for a folded text, whose lines in the file are words of one line; None where it is
    folded in other ways. Such a place is good to point at, and not to edit."""
    return _outer(outer, document, route, span, _folded)


def _outer(
    outer: SourceFile,
    document: int,
    route: Route,
    span: Span,
    mapped: Callable[[Tree, ScalarNode], _Places],
) -> Span | None:
    try:
        tree = open_tree(outer)
        node = tree.node(document, route)
        if not isinstance(node, ScalarNode):
            return None
        places = mapped(tree, node)
    except EditRefusedError:
        return None
    return tree.lines.span(places.offset(span.start), places.offset(span.end))


class _Places(Struct, frozen=True):
    """`starts` are the offsets of the lines in the text, `outer` those in the file, where each line
    is indented by `indent`; `end` is where the scalar ends."""

    starts: tuple[int, ...]
    outer: tuple[int, ...]
    indent: str
    end: int

    def offset(self, place: int) -> int:
        """The offset in the file of an offset in the text."""
        line = bisect_right(self.starts, place) - 1
        if line >= len(self.outer):
            return self.end
        return min(self.outer[line] + place - self.starts[line], self.end)

    def edit(self, path: str, tree: Tree, edit: Edit) -> Edit:
        """The edit of the file for an edit of the text."""
        start, end = self.offset(edit.span.start), self.offset(edit.span.end)
        if edit.span.end > edit.span.start and self._is_behind(edit.span.end):
            start -= len(self.indent) if edit.span.start in self.starts else 0
        lines = edit.text.split("\n")
        joint = newline_of(tree.text)
        text = joint.join([lines[0], *(self.indent + line if line else line for line in lines[1:])])
        if edit.text.endswith("\n") and edit.span.end in self.starts:
            text += tree.text[line_start(tree.text, end) : end]  # what indents the line behind it
        return replacement(path, tree.lines, start, end, text)

    def _is_behind(self, place: int) -> bool:
        """Whether the offset lies behind the last line that the file has."""
        return bisect_right(self.starts, place) > len(self.outer)


def _map(tree: Tree, node: ScalarNode) -> _Places:
    token = scalar_token(tree.text, node)
    if node.style in ("|", ">"):
        return _block(tree.text, token.start, token.end, node.value)
    quote = 1 if node.style in ("'", '"') else 0
    start, end = token.start + quote, token.end - quote
    if tree.text[start:end] != node.value:
        raise EditRefusedError("the text is written with escapes or over several lines")
    return _Places((0,), (start,), "", end)


def _block(text: str, start: int, end: int, value: str) -> _Places:
    header = _LINE.match(text, start, end)
    assert header is not None
    wanted = value.split("\n")
    starts, outer = [0], []
    for line in wanted[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    indent: int | None = None
    place = header.end()
    for line in wanted:
        raw = _LINE.match(text, place, end)
        if raw is None or place >= end:
            break
        written = raw[0].rstrip("\r\n")
        if line and indent is None:
            indent = len(written) - len(line)
        expected = " " * (indent or 0) + line
        if written != expected and (line or written.strip(" ")):
            raise EditRefusedError(
                "the text is folded, so that its lines are others than those shown"
            )
        outer.append(place + min(indent or 0, len(written)))
        place = raw.end()
    return _Places(tuple(starts), tuple(outer), " " * (indent or 0), end)


def _folded(tree: Tree, node: ScalarNode) -> _Places:
    """The places of a text that is folded without blank and further indented lines. Raises
    EditRefusedError for any other."""
    token = scalar_token(tree.text, node)
    rows = _LINE.finditer(tree.text, token.start, token.end)
    written = [(row.start(), row[0].rstrip("\r\n")) for row in rows if row[0].strip()][1:]
    indent = len(written[0][1]) - len(written[0][1].lstrip(" ")) if written else 0
    pieces = [row[indent:] for _, row in written]
    if node.style != ">" or " ".join(pieces) != node.value.rstrip("\n"):
        raise EditRefusedError("the text is folded in another way")
    starts = [0]
    for piece in pieces[:-1]:
        starts.append(starts[-1] + len(piece) + 1)
    outer = tuple(place + indent for place, _ in written)
    return _Places(tuple(starts), outer, " " * indent, token.end)


def _spliced(text: str, edits: tuple[Edit, ...]) -> str:
    try:
        return splice(text.encode("utf-8", "surrogatepass"), edits).decode()
    except (StaleEditError, UnicodeDecodeError):
        raise EditRefusedError("two changes of the text do not fit together") from None
