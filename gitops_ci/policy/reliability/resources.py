"""What containers ask for and may use at most, with what else may say it for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.pods.view import INIT, MAIN, Container, PodView, is_set
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import JOBS, LIMIT_RANGE, RUNNING, VPA, scalers_of
from gitops_ci.render.opaque import is_opaque
from gitops_ci.render.routes import items, mapping, text

ASKING = RUNNING | JOBS
"""The kinds whose containers are looked at."""

REQUESTS, LIMITS = "requests", "limits"


class Resources(Struct, frozen=True):
    """The resources of one container. `defaults` are the (section, resource) pairs that a
    LimitRange of the namespace fills in."""

    container: Container
    value: dict[str, Any]
    defaults: frozenset[tuple[str, str]]

    def has(self, section: str, name: str) -> bool:
        """Whether the container has a request or limit for the resource, its own or by default; a
        limit stands in for a request that is missing."""
        if is_set(mapping(self.value, section).get(name)) or (section, name) in self.defaults:
            return True
        return section == REQUESTS and self.has(LIMITS, name)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all."""
        return not self.defaults and not any(
            is_set(item)
            for part in self.value.values()
            if isinstance(part, dict)
            for item in part.values()
        )


def asking(neighbours: Neighbours) -> Iterator[tuple[Subject, Resources]]:
    """The containers that run as long as their pod, with their resources; none of pods that state
    them as a whole, whose autoscaler does, or whose defaults may lie where nobody looked."""
    if not neighbours.sees_all(LIMIT_RANGE):
        return
    for subject in neighbours.own_of(ASKING):
        pods = [pod for pod in subject.pods if not is_set(pod.at("resources"))]
        if not pods or any(map(_acts, scalers_of(subject, neighbours, VPA))):
            continue
        defaults = _defaults(subject, neighbours)
        for pod in pods:
            for container in _lasting(pod):
                found = container.at("resources")
                if not is_opaque(found):
                    value = mapping(container.value, "resources")
                    yield subject, Resources(container, value, defaults)


def _lasting(pod: PodView) -> Iterator[Container]:
    return (container for container in pod.containers(INIT, MAIN) if container.runs_along)


def _acts(scaler: Subject) -> bool:
    """Whether a VerticalPodAutoscaler changes pods, and does not only recommend."""
    mode = text(mapping(scaler.value, "spec", "updatePolicy"), "updateMode")
    return mode != "Off"


def _defaults(subject: Subject, neighbours: Neighbours) -> frozenset[tuple[str, str]]:
    """What a LimitRange of the namespace gives to containers; a default limit is a request too."""
    found: set[tuple[str, str]] = set()
    for limits in neighbours.around(subject, LIMIT_RANGE):
        for limit in items(limits.value, "spec", "limits"):
            if text(limit, "type") == "Container":
                found |= {(LIMITS, name) for name in mapping(limit, "default")}
                found |= {(REQUESTS, name) for name in mapping(limit, "defaultRequest")}
    return frozenset(found)
