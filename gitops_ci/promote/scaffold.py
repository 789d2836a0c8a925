"""The files of an app that is new in an environment, proposed from those of another one.

They are copies, byte for byte, but for one thing: in YAML, each line with a key that never moves
gets a comment that asks for a look. Nobody can know what an environment wants; a person has to read
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import locate
from gitops_ci.documents.read import read
from gitops_ci.documents.splice import splice
from gitops_ci.documents.values import Value
from gitops_ci.model.edit import Edit
from gitops_ci.model.span import Location, Route, Span
from gitops_ci.promote.moves import Move, Refusal, ToFile
from gitops_ci.promote.scope import OWN_KEYS, Scope
from gitops_ci.promote.side import Side
from gitops_ci.promote.slots import FILE, Place, Slot

_YAML = (".yaml", ".yml")
_MOST_FILES = 200
_MARKED = frozenset(OWN_KEYS) - {"name", "nameOverride", "fullnameOverride"}
"""An app has the same name everywhere, as a rule."""


def scaffold(
    source: Side, target: Side, app: str, scope: Scope, why: str
) -> tuple[tuple[Move, ...], tuple[Refusal, ...]]:
    """The moves that create the files of `app` in `target`, like those that it has in `source`."""
    places = source.places(app)
    place = Place(target.environment, app, places[0].variant if places else "")
    paths = [path for path in sorted(source.files) if _is_of(source, path, places[:1])]
    made = {path: _path(source, target, path) for path in paths}
    unknown = [path for path, to in made.items() if to is None or to in target.files]
    if not paths or unknown or len(paths) > _MOST_FILES:
        reason = (
            f"nobody can tell where {unknown[0]} goes in {target.environment}"
            if unknown
            else f"{source.environment} has no files that could serve as a pattern"
        )
        return (), (Refusal(place, None, reason, "write the files by hand"),)
    moves = []
    for path, to in made.items():
        assert to is not None
        data = marked(source.source(path), scope, source.environment)
        slot = Slot(FILE, "", path)
        moves.append(Move(place, slot, "", "new", ToFile(to, data), Location(to), why=why))
    return tuple(moves), ()


def _is_of(side: Side, path: str, places: tuple[Place, ...]) -> bool:
    spot = side.spots.at(path)
    return spot is not None and spot.place in places


def _path(source: Side, target: Side, path: str) -> str | None:
    """Where the file's counterpart in the target lies, by the first layout that both have."""
    return target.spots.translated(path, source.environment, target.environment)


def marked(source: SourceFile, scope: Scope, environment: str) -> bytes:
    """The file's bytes with a comment on each line that belongs to an environment; without any
    where a comment would change what the file means."""
    if not source.path.endswith(_YAML) or source.broken:
        return source.data
    note = f" # check: as in {environment}"
    lines = {}
    for document in source.documents:
        for route in _own(document.value, scope):
            span = locate(source, document.index, route).location.span
            if span is not None and span.line == span.end_line:
                lines[span.line] = span
    text = source.data.decode("utf-8", "replace").split("\n")
    edits = [
        edit
        for line, span in sorted(lines.items())
        if (edit := _edit(source, text, line, span, note))
    ]
    data = splice(source.data, edits)
    same = [d.value for d in read(source.path, data).documents]
    return data if same == [d.value for d in source.documents] else source.data


def _edit(source: SourceFile, text: list[str], line: int, span: Span, note: str) -> Edit | None:
    rest = text[line - 1][span.end_column - 1 :]
    if rest.strip():
        return None  # something follows on the line, such as a comment
    end = Span(span.end, span.end, line, span.end_column, line, span.end_column)
    return Edit(source.path, end, "", note)


def _own(value: Value, scope: Scope) -> Iterator[Route]:
    """The routes of scalars that a promotion would leave alone."""
    stack: list[tuple[Route, Value]] = [((), value)]
    while stack:
        route, item = stack.pop()
        children: Iterable[tuple[str | int, Value]] = ()
        if isinstance(item, dict):
            children = item.items()
        elif isinstance(item, list):
            children = enumerate(item)
        elif scope.is_never(route) or _is_marked(route):
            yield route
        stack += [((*route, key), child) for key, child in children]


def _is_marked(route: Route) -> bool:
    """Whether the way goes through a key of an environment; `resources` of a kustomization, a list,
    is none."""
    following = (*route[1:], "")
    return any(
        step in _MARKED and not (step == "resources" and isinstance(after, int))
        for step, after in zip(route, following, strict=True)
    )
