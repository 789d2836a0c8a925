"""One pod as rules see it: its spec, its containers, and the way to each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gitops_ci.model.span import Route
from gitops_ci.render.routes import MISSING, at, items

INIT, MAIN, EPHEMERAL = "initContainers", "containers", "ephemeralContainers"
ROLES = (INIT, MAIN, EPHEMERAL)
"""The lists of a pod that hold containers."""


@dataclass(frozen=True, slots=True)
class Container:
    """One container of a pod. `role` is the list it stands in; `place` its route in the pod."""

    value: dict[str, Any]
    pod: PodView
    role: str
    place: Route

    @property
    def name(self) -> str:
        """Its name; an empty text where it has none, or one that only the cluster knows."""
        name = self.value.get("name")
        return name if isinstance(name, str) else ""

    @property
    def runs_along(self) -> bool:
        """Whether it runs as long as the pod: a main container, or an init container that is
        restarted, which Kubernetes calls a sidecar."""
        always = self.value.get("restartPolicy") == "Always"
        return self.role == MAIN or (self.role == INIT and always)

    def where(self, *route: str | int) -> Route:
        """The route of something in the container, from the top of the object."""
        return self.pod.where(*self.place, *route)

    def at(self, *route: str | int) -> Any:
        """The value at a route in the container, or MISSING."""
        return at(self.value, route)

    def __str__(self) -> str:
        return f"container '{self.name}'" if self.name else "the container"


@dataclass(frozen=True, slots=True)
class PodView:
    """A pod, or the template of one. `route` leads to its spec, `metadata_route` to its metadata.

    Where an object spreads the parts of a pod, `spec` is put together and `moved` tells where the
    parts stand: a route in the spec to one from the top of the object. `patched` says that
    something else may still set what is missing.
    """

    route: Route
    spec: dict[str, Any]
    metadata: dict[str, Any]
    metadata_route: Route
    moved: Mapping[Route, Route] = field(default_factory=dict)
    patched: bool = False

    def at(self, *route: str | int) -> Any:
        """The value at a route in the spec, or MISSING."""
        return at(self.spec, route)

    def where(self, *route: str | int) -> Route:
        """The route of something in the spec, from the top of the object."""
        for length in range(len(route), 0, -1) if self.moved else ():
            base = self.moved.get(route[:length])
            if base is not None:
                return (*base, *route[length:])
        return (*self.route, *route)

    def containers(self, *roles: str) -> Iterator[Container]:
        """The containers of the roles, of all without any; what is no mapping is left out."""
        for role in roles or ROLES:
            for index, value in enumerate(items(self.spec, role)):
                if isinstance(value, dict):
                    yield Container(value, self, role, (role, index))

    @property
    def is_windows(self) -> bool:
        """Whether it says that it is for Windows."""
        return bool(self.at("os", "name") == "windows")


def is_set(value: Any) -> bool:
    """Whether a value is there: neither missing nor null."""
    return value is not MISSING and value is not None
