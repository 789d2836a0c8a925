"""Answers where a rendered value comes from, by walking back through what touched the object."""

from __future__ import annotations

from typing import Any

from gitops_ci.model.span import Location, Route
from gitops_ci.render.kustomize.history import History, Hit, Source
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.spots import Spot, locate_spot
from gitops_ci.render.kustomize.values import existing
from gitops_ci.render.objects import Origin, Step, Trace


class ForeignOriginError(Exception):
    """Raised inside a trace to hand the question to the origin of an object that another renderer
    made; `route` is the route in that object."""

    def __init__(self, origin: Origin, route: Route, *, key: bool) -> None:
        super().__init__()
        self.origin, self.route, self.key = origin, route, key


class ForeignSource:
    """A resource that came from a chart or another renderer, with an origin of its own."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin

    def hit(self, route: Route, *, key: bool) -> Hit:
        """Raises ForeignOriginError: the renderer answers."""
        raise ForeignOriginError(self.origin, route, key=key)


class ResourceOrigin:
    """The Origin of a built object."""

    __slots__ = ("_history", "_source", "_value", "opaque")

    def __init__(self, resource: Resource) -> None:
        self._value: dict[str, Any] = resource.value
        self._history: History | None = resource.history
        self._source: Source = resource.source
        self.opaque = resource.opaque

    def trace(self, route: Route, *, key: bool = False) -> Trace:
        """See Origin."""
        there = existing(self._value, route)
        key = key or there != route
        hits, rest = self.writers(there)
        chain: list[Step] = []
        base: Trace | None = None
        if rest is not None:
            try:
                hits.append(self._source.hit(rest, key=key))
            except ForeignOriginError as foreign:
                base = foreign.origin.trace(foreign.route, key=foreign.key)
                chain.extend(base.chain or (Step(base.location, "chart"),))
        chain.extend(Step(_place(hit, key=key)[0], hit.what) for hit in reversed(hits))
        chosen = _chosen(hits, key=key, outermost=base is None)
        if chosen is None and base is not None:
            return Trace(base.location, tuple(chain), base.exact)
        if chosen is None:
            return self._whole(chain)
        location, exact = _place(chosen, key=key)
        return Trace(location, tuple(chain), exact or location.span is not None)

    def _whole(self, chain: list[Step]) -> Trace:
        """The answer when nothing is known but the resource."""
        try:
            location, _ = _place(self._source.hit((), key=False), key=False)
        except ForeignOriginError as foreign:
            location = foreign.origin.trace(()).location
        return Trace(location, tuple(chain), exact=False)

    def writers(self, route: Route) -> tuple[list[Hit], Route | None]:
        """The steps that wrote the value, the latest first, and its route in the source."""
        hits: list[Hit] = []
        value, current = self._value, self._history
        following: Route | None = route
        while current is not None and following is not None:
            hit, following = current.step.back(following, current.before, value)
            if hit is not None:
                hits.append(hit)
            value, current = current.before, current.earlier
        return hits, following


def _chosen(hits: list[Hit], *, key: bool, outermost: bool) -> Hit | None:
    """The place that somebody has to change: the last that set the value as a whole; for a key the
    first that wrote it. None when that is the renderer's own (not `outermost`)."""
    if key:
        return hits[-1] if hits and outermost else None
    whole = next((hit for hit in hits if not hit.partial), None)
    if whole is None and hits and outermost:
        return hits[-1]
    return whole


def _place(hit: Hit, *, key: bool) -> tuple[Location, bool]:
    spot = hit.spot
    if key and hit.key is not None:
        return locate_spot(hit.key)
    return locate_spot(spot.at(spot.route, key=True) if key and not spot.line else spot)


def spot_of(resource: Resource, route: Route) -> Spot | None:
    """Where the value of a resource that is still being built was written; None when another
    renderer made it."""
    origin = ResourceOrigin(resource)
    hits, rest = origin.writers(route)
    if hits:
        return hits[0].spot
    if rest is None:
        return None
    try:
        return resource.source.hit(rest, key=False).spot
    except ForeignOriginError:
        return None
