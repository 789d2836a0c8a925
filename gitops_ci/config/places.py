"""Where the values of a configuration stand, also when several files were laid over each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol

from msgspec import Struct, field

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import lines_of, locate
from gitops_ci.model.span import Location, Route

Part = Literal["value", "key"]


def dotted(route: Route) -> str:
    """The route as people write it: `gates.prod.checks[0].name`."""
    text = ""
    for step in route:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


class Places(Protocol):
    """Tells where values stand."""

    def place(self, route: Route, part: Part = "value") -> Location:
        """Where the value (or key) at `route` stands; for a missing one, its nearest parent."""
        ...

    def text(self, route: Route) -> str:
        """The spelling of the scalar at `route` in its file."""
        ...


class DocumentPlaces(Struct, frozen=True):
    """The places of one document of one file."""

    source: SourceFile
    document: int

    def place(self, route: Route, part: Part = "value") -> Location:
        """Where the value (or key) at `route` stands; for a missing one, its nearest parent."""
        return locate(self.source, self.document, route, part).location

    def text(self, route: Route) -> str:
        """The spelling of the scalar at `route`."""
        span = self.place(route).span
        return lines_of(self.source).text[span.start : span.end] if span else ""


class Layered(Struct, frozen=True):
    """The merged value of several files, and for each route the file that set it.

    Mappings are merged key by key; everything else is replaced by the later file; null says
    nothing.
    """

    value: Any
    sources: tuple[SourceFile, ...]
    owners: Mapping[Route, int] = field(default_factory=dict)

    def place(self, route: Route, part: Part = "value") -> Location:
        """Where the value (or key) at `route` stands; for a missing one, its nearest parent."""
        return self._places(route).place(route, part) if self.sources else Location("")

    def text(self, route: Route) -> str:
        """The spelling of the scalar at `route` in its file."""
        return self._places(route).text(route) if self.sources else ""

    def _places(self, route: Route) -> DocumentPlaces:
        source = self.sources[self.owner(route)]
        return DocumentPlaces(source, source.documents[0].index if source.documents else 0)

    def owner(self, route: Route) -> int:
        """Which of the sources set the value at `route`, or its nearest parent."""
        for length in range(len(route), -1, -1):
            if route[:length] in self.owners:
                return self.owners[route[:length]]
        return len(self.sources) - 1


def layered(sources: tuple[SourceFile, ...]) -> Layered:
    """The files laid over each other, the last one on top; files without a mapping add nothing."""
    owners: dict[Route, int] = {}
    value: Any = {}
    for index, source in enumerate(sources):
        content = source.documents[0].value if source.documents else None
        if isinstance(content, dict):
            value = _merge(value, content, (), index, owners)
    return Layered(value, sources, owners)


def _merge(under: Any, over: Any, route: Route, index: int, owners: dict[Route, int]) -> Any:
    if over is None:
        return under
    owners[route] = index
    if not isinstance(over, dict):
        return over
    result = dict(under) if isinstance(under, dict) else {}
    for key, item in over.items():
        result[key] = _merge(result.get(key), item, (*route, key), index, owners)
    return result
