"""Security contexts: what a pod and each of its containers say about their rights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gitops_ci.model.span import Route
from gitops_ci.policy.pods.view import Container, PodView
from gitops_ci.render.opaque import is_opaque
from gitops_ci.render.routes import at

FIELD = "securityContext"


class Context:
    """The security context of a pod, or of one container. `who` names the owner in messages."""

    __slots__ = ("_owner", "value", "who")

    def __init__(self, owner: PodView | Container) -> None:
        self._owner = owner
        self.value = owner.at(FIELD)
        self.who = str(owner) if isinstance(owner, Container) else "the pod"

    def at(self, *route: str | int) -> Any:
        """The value at a route in the context, or MISSING."""
        return at(self.value, route)

    def where(self, *route: str | int) -> Route:
        """The route of something in the context, from the top of the object."""
        return self._owner.where(FIELD, *route)

    def hides(self, *route: str) -> bool:
        """Whether only the cluster knows what stands at the route: the value or one that holds it
        comes from a variable."""
        value = self.value
        for step in route:
            if is_opaque(value):
                return True
            value = value.get(step) if isinstance(value, dict) else None
        return is_opaque(value)


def contexts(pod: PodView) -> Iterator[Context]:
    """The context of the pod, then those of its containers, also where there is none."""
    yield Context(pod)
    yield from container_contexts(pod)


def container_contexts(pod: PodView) -> Iterator[Context]:
    """The contexts of all containers."""
    for container in pod.containers():
        yield Context(container)
