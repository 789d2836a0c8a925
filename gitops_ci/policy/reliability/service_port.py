"""A Service sends traffic to a port that there is."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.pods.find import WORKLOADS
from gitops_ci.policy.pods.view import PodView
from gitops_ci.policy.reliability import CONCEPTS
from gitops_ci.policy.selectors import labels_match
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import SERVICE, labels_of
from gitops_ci.render.opaque import is_opaque
from gitops_ci.render.routes import items, mapping, text

RULE = Rule(
    "reliability/service-port",
    "A Service that sends traffic to a named port which its pods do not have",
    Severity.ERROR,
    "The name resolves to nothing, so that the port has no endpoints.",
    f"{CONCEPTS}/services-networking/service/#defining-a-service",
)


def check(neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each named target port that none of the selected pods has."""
    for service in neighbours.own_of(SERVICE):
        selector = mapping(service.value, "spec", "selector")
        pods = [
            pod
            for subject in (neighbours.near(service, WORKLOADS) if selector else ())
            for pod in subject.pods
            if labels_match(selector, labels_of(pod))
        ]
        names = [name for pod in pods for name in _names(pod)]
        if not pods or any(map(is_opaque, names)):
            continue
        for index, port in enumerate(items(service.value, "spec", "ports")):
            target = text(port, "targetPort")
            if target and not target.isdigit() and not is_opaque(target) and target not in names:
                message = f"none of the selected pods has a port '{target}'"
                hint = f"their ports are {', '.join(dict.fromkeys(names))}" if names else ""
                yield service, Fault(RULE, ("spec", "ports", index, "targetPort"), message, hint)


def _names(pod: PodView) -> list[str]:
    """The names of the ports of all containers."""
    found = [
        text(port, "name")
        for container in pod.containers()
        for port in items(container.value, "ports")
    ]
    return [name for name in found if name]
