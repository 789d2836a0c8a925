"""The step of every transformer that writes to fields where they stand, without moving items."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from msgspec import Struct

from gitops_ci.model.finding import found
from gitops_ci.model.span import Location, Route
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.failure import BuildError, MismatchError
from gitops_ci.render.kustomize.history import Hit
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.values import MISSING, get

Touches = Callable[[dict[str, Any]], Iterable[tuple[Route, Hit]]]


class WriteStep(Struct, frozen=True):
    """`touches` runs the transformer again over the value before it, in a mode that only tells
    which routes it writes and from which place."""

    touches: Touches
    unties: ClassVar[bool] = False

    def back(
        self, route: Route, before: dict[str, Any], _after: dict[str, Any]
    ) -> tuple[Hit | None, Route | None]:
        """See Step."""
        there = get(before, route) is not MISSING
        hit = None
        for touched, candidate in self.touches(before):
            inside = route[: len(touched)] == touched
            created = not there and touched[: len(route)] == route
            if inside or created:
                hit = candidate
        return hit, route if there else None


def mismatch(error: MismatchError, resource: Resource, location: Location, what: str) -> BuildError:
    """The finding for a transformer that cannot work on a resource."""
    message = f"{what} cannot be applied to {resource.id}: {error}"
    return BuildError(found(rules.TRANSFORM, message, location))
