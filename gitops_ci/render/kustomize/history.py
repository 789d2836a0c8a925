"""What happened to a resource: a shared, immutable chain of steps that can be walked backwards.

Every step keeps the value before it. Values share all that did not change, so the chain costs a
few small objects per step and a clean run computes nothing from it.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

from msgspec import Struct

from gitops_ci.model.span import Route
from gitops_ci.render.kustomize.spots import Spot


class Hit(NamedTuple):
    """A step set the value. `partial` says that it changed only a part of what was there before,
    as a name prefix does, so that somebody has to look at the earlier place. `key` is where the
    name of the field stands when that is elsewhere, as in a JSON pointer."""

    spot: Spot
    what: str
    partial: bool = False
    key: Spot | None = None


class Step(Protocol):
    """One thing that was done to a resource. `unties` says that the reference builds the tree of
    the resource anew in this step."""

    @property
    def unties(self) -> bool:
        """Whether places that held one node hold copies afterwards."""
        ...

    def back(
        self, route: Route, before: dict[str, Any], after: dict[str, Any], /
    ) -> tuple[Hit | None, Route | None]:
        """Who set the value at `route` of `after`, if this step did, and the route of the same
        value in `before`, if it was there."""
        ...


class Source(Protocol):
    """Where a resource was first written down."""

    def hit(self, route: Route, /, *, key: bool) -> Hit:
        """The place that wrote the value at `route` (its key with `key`)."""
        ...


class History(NamedTuple):
    """The last step, the value before it, and what happened earlier."""

    earlier: History | None
    before: dict[str, Any]
    step: Step


class DocumentSource(Struct, frozen=True):
    """A manifest in a file: the document, and the route to the manifest inside a List."""

    spot: Spot
    what: str = "resource"

    def hit(self, route: Route, *, key: bool) -> Hit:
        """The value's own place."""
        return Hit(self.spot.at((*self.spot.route, *route), key=key), self.what)
