"""Where rendered values come from, for everything that is not built by the native engine."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import locate
from gitops_ci.model.span import Location, Route
from gitops_ci.render.objects import Origin, Step, Trace


class SourceOrigin(Struct, frozen=True):
    """An object that stands in a file exactly as it is rendered. `base` leads from the document to
    the object: empty, or ("items", n) in a List."""

    source: SourceFile
    document: int
    base: Route = ()

    def trace(self, route: Route, *, key: bool = False) -> Trace:
        """The place of the value in the file."""
        place = locate(
            self.source, self.document, self.base + route, part="key" if key else "value"
        )
        return Trace(place.location, (Step(place.location, "file"),), place.exact)


class PlaceOrigin(Struct, frozen=True):
    """An object of which only one place is known."""

    location: Location
    what: str

    def trace(self, route: Route, *, key: bool = False) -> Trace:  # noqa: ARG002 - of Origin
        """The one place, never exact."""
        return Trace(self.location, (Step(self.location, self.what),), exact=False)


class ThroughOrigin(Struct, frozen=True):
    """An object that went through a controller's hands. `override` answers for the routes that the
    controller changed and gives None for all others; `station` is added to the chain."""

    inner: Origin
    station: Step
    override: Callable[[Route], Trace | None]

    def trace(self, route: Route, *, key: bool = False) -> Trace:
        """The origin of the value, through the controller's field if that set it."""
        changed = self.override(route)
        if changed is not None:
            return Trace(changed.location, (*changed.chain, self.station), changed.exact)
        return self.inner.trace(route, key=key)


class LinedOrigin(Struct, frozen=True):
    """An object made by way of a file into which no route leads, such as a template: where nothing
    but that file is known, `place` is the line."""

    inner: Origin
    place: Location

    def trace(self, route: Route, *, key: bool = False) -> Trace:
        """The origin of the value, with a line in the file of `place`."""
        known = self.inner.trace(route, key=key)
        chain = tuple(replace(step, location=self.of(step.location)) for step in known.chain)
        location = self.of(known.location)
        return Trace(location, chain, known.exact and location is known.location)

    def of(self, location: Location) -> Location:
        """The location, or `place` where it names only the file."""
        same = location.span is None and location.path == self.place.path
        return self.place if same else location


class SubOrigin(Struct, frozen=True):
    """The part of an object below `base`, such as the template of an ApplicationSet."""

    inner: Origin
    base: Route

    def trace(self, route: Route, *, key: bool = False) -> Trace:
        """The origin of the value below the base."""
        return self.inner.trace(self.base + route, key=key)


def unchanged(_route: Route) -> Trace | None:
    """The `override` of a controller that sets no value of its own."""
    return None
