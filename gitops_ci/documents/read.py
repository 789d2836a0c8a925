"""Read a YAML or JSON file: `read(path, data)` never raises on bad content."""

from __future__ import annotations

from yaml import Node
from yaml.error import MarkedYAMLError, YAMLError

from gitops_ci.documents import rules
from gitops_ci.documents.document import Document, Doubt, SourceFile
from gitops_ci.documents.json_read import read_json
from gitops_ci.documents.nodes import TooDeepError, compose
from gitops_ci.documents.text import Lines, decode
from gitops_ci.documents.values import AliasBombError, Builder, routes_of
from gitops_ci.model.finding import Finding, Related, found
from gitops_ci.model.span import Location, Route, Span


def read(path: str, data: bytes) -> SourceFile:
    """The documents of `data` and the findings about its form; JSON by the file name's ending."""
    try:
        text = decode(data)
    except UnicodeDecodeError as error:
        return SourceFile(path, data, (), (_undecodable(path, data, error),), broken=True)
    if path.endswith(".json"):
        return read_json(path, data, text)
    return _Reader(path, data, text).read()


class _Reader:
    def __init__(self, path: str, data: bytes, text: str) -> None:
        self._path, self._data, self._text = path, data, text
        self._lines: Lines | None = None
        self._documents: list[Document] = []
        self._problems: list[Finding] = []
        self._aliases = "&" in text

    def read(self) -> SourceFile:
        broken = True
        try:
            for node in compose(self._text):
                self._document(node)
            broken = False
        except TooDeepError:
            message = "values are nested too deeply to be read"
            self._problems.append(found(rules.TOO_DEEP, message, self._at(None)))
        except AliasBombError as error:
            message = "aliases unfold into far more values than the file holds"
            self._problems.append(found(rules.ALIAS_BOMB, message, self._at(error.node)))
        except YAMLError as error:
            self._problems.append(self._syntax(error))
        return SourceFile(
            self._path, self._data, tuple(self._documents), tuple(self._problems), broken
        )

    def _document(self, node: Node) -> None:
        builder = Builder(aliases=self._aliases)
        value = builder.build(node)
        if value is None:
            return
        doubts: tuple[Doubt, ...] = ()
        tags: tuple[tuple[Route, str], ...] = ()
        keys, values = builder.doubtful_keys, builder.doubtful
        if keys or values or builder.tagged:
            routes = routes_of(node, [*keys, *values, *builder.tagged])
            doubtful = {
                Doubt(routes[id(item)], str(item.value), self._span(item), is_key)
                for items, is_key in ((keys, True), (values, False))
                for item in items
            }
            doubts = tuple(sorted(doubtful, key=lambda doubt: doubt.span))
            tags = tuple((routes[id(item)], str(item.tag)) for item in builder.tagged)
        for first, second in builder.duplicates:
            self._problems.append(self._duplicate(first, second))
        for key in builder.odd_keys:
            message = "a mapping key must be a plain value, and only mappings can be merged"
            place = self._at(key)
            hint = _hint(message, Lines(self._text), place)
            self._problems.append(found(rules.SYNTAX, message, place, hint=hint))
        line = node.start_mark.line + 1
        self._documents.append(Document(len(self._documents), value, line, doubts, tags))

    def _span(self, node: Node) -> Span:
        if self._lines is None:
            self._lines = Lines(self._text)
        return self._lines.span(node.start_mark.index, node.end_mark.index)

    def _at(self, node: Node | None) -> Location:
        span = self._span(node) if node is not None else None
        return Location(self._path, span, document=len(self._documents))

    def _duplicate(self, first: Node, second: Node) -> Finding:
        place = self._at(second)
        earlier = self._at(first)
        return found(
            rules.DUPLICATE_KEY,
            f"key '{second.value}' is already defined on line {earlier.line}",
            place,
            related=(Related(earlier, "first defined here"),),
            hint="remove one of the two",
            key=str(second.value),
        )

    def _syntax(self, error: YAMLError) -> Finding:
        if isinstance(error, MarkedYAMLError):
            mark = error.problem_mark or error.context_mark
            words = ", ".join(part for part in (error.context, error.problem) if part)
            offset = mark.index if mark else 0
        else:
            words = str(getattr(error, "reason", "") or error).partition("\n")[0]
            offset = getattr(error, "position", 0)
        lines = Lines(self._text)
        offset = min(offset, len(self._text))
        location = Location(self._path, lines.span(offset, offset))
        return found(rules.SYNTAX, words, location, hint=_hint(words, lines, location))


_HINTS = (
    ("that cannot start any token", "\t", "YAML does not allow tabs for indentation: use spaces"),
    ("that cannot start any token", "@", "quote the value: '@' and '`' cannot start one"),
    ("mapping values are not allowed", "", "quote the value, or check the indentation"),
    ("did not find expected key", "", "check the indentation of this line and the one above"),
    ("could not find expected ':'", "", "a key needs a colon and a space behind it"),
)


def _hint(words: str, lines: Lines, location: Location) -> str:
    line = lines.line(location.line)
    if "{{" in line:
        return "template braces outside quotes are not YAML: quote the whole value"
    for phrase, sign, advice in _HINTS:
        if phrase in words and sign in line:
            return advice
    return ""


def _undecodable(path: str, data: bytes, error: UnicodeDecodeError) -> Finding:
    line = data.count(b"\n", 0, error.start) + 1
    column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
    span = Span(error.start, error.start, line, column, line, column)
    message = f"byte 0x{data[error.start]:02x} is not valid {error.encoding}"
    return found(
        rules.ENCODING, message, Location(path, span), hint="save the file as UTF-8", key="encoding"
    )
