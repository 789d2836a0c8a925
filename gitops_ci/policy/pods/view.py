"""One pod as rules see it: its spec, its containers, and the way to each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gitops_ci.model.span import Route
from gitops_ci.render.opaque import is_opaque
from gitops_ci.render.routes import MISSING, at

INIT, MAIN, EPHEMERAL = "initContainers", "containers", "ephemeralContainers"
ROLES = (INIT, MAIN, EPHEMERAL)
"""The lists of a pod that hold containers."""

CONTEXT = "securityContext"
_NOWHERE: dict[Route, Route] = {}


class Context:
    """The security context of a pod, or of one container. `who` names the owner in messages."""

    __slots__ = ("_owner", "value")

    def __init__(self, owner: PodView | Container, value: Any) -> None:
        self._owner = owner
        self.value = value

    @property
    def who(self) -> str:
        """The owner, as messages call it."""
        return str(self._owner)

    def get(self, name: str) -> Any:
        """A field of the context, None where it is missing."""
        return self.value.get(name) if isinstance(self.value, dict) else None

    def at(self, *route: str | int) -> Any:
        """The value at a route in the context, or MISSING."""
        return at(self.value, route)

    def where(self, *route: str | int) -> Route:
        """The route of something in the context, from the top of the object."""
        return self._owner.where(CONTEXT, *route)

    def hides(self, *route: str) -> bool:
        """Whether only the cluster knows what stands at the route: the value or one that holds it
        comes from a variable."""
        value = self.value
        for step in route:
            if is_opaque(value):
                return True
            value = value.get(step) if isinstance(value, dict) else None
        return is_opaque(value)


class Container:
    """One container of a pod. `role` is the list it stands in; `place` its route in the pod."""

    __slots__ = ("context", "place", "pod", "role", "value")

    def __init__(self, value: dict[str, Any], pod: PodView, role: str, index: int) -> None:
        self.value = value
        self.pod = pod
        self.role = role
        self.place: Route = (role, index)
        self.context = Context(self, value.get(CONTEXT))

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


class PodView:
    """A pod, or the template of one. `route` leads to its spec, `metadata_route` to its metadata.

    Where an object spreads the parts of a pod, `spec` is put together and `moved` tells where the
    parts stand: a route in the spec to one from the top of the object. `patched` says that
    something else may still set what is missing. `all` are its containers, without what stands
    among them and is no mapping; `contexts` the security contexts of the pod and of each of them.
    """

    __slots__ = (
        "all",
        "context",
        "contexts",
        "metadata",
        "metadata_route",
        "moved",
        "patched",
        "route",
        "spec",
    )

    def __init__(
        self,
        route: Route,
        spec: dict[str, Any],
        metadata: dict[str, Any],
        metadata_route: Route,
        moved: Mapping[Route, Route] = _NOWHERE,
        *,
        patched: bool = False,
    ) -> None:
        self.route = route
        self.spec = spec
        self.metadata = metadata
        self.metadata_route = metadata_route
        self.moved = moved
        self.patched = patched
        self.all = tuple(
            Container(value, self, role, index)
            for role in ROLES
            if isinstance(listed := spec.get(role), list)
            for index, value in enumerate(listed)
            if isinstance(value, dict)
        )
        self.context = Context(self, spec.get(CONTEXT))
        self.contexts = (self.context, *(container.context for container in self.all))

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

    def containers(self, *roles: str) -> tuple[Container, ...]:
        """The containers of the roles, of all without any."""
        if not roles:
            return self.all
        return tuple(container for container in self.all if container.role in roles)

    @property
    def is_windows(self) -> bool:
        """Whether it says that it is for Windows."""
        return bool(self.at("os", "name") == "windows")

    def __str__(self) -> str:
        return "the pod"


def is_set(value: Any) -> bool:
    """Whether a value is there: neither missing nor null."""
    return value is not MISSING and value is not None
