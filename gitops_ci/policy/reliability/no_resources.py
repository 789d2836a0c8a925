"""Containers say what they need."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.reliability import CONCEPTS
from gitops_ci.policy.reliability.resources import asking
from gitops_ci.policy.subject import Subject

RULE = Rule(
    "reliability/no-resources",
    "A container without resource requests and limits",
    Severity.WARNING,
    "The scheduler takes it for free: nodes are overbooked, and such a pod is the first one that"
    " is evicted when memory runs out. An error in protected environments.",
    f"{CONCEPTS}/configuration/manage-resources-containers/",
)


def check(neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each container without any, unless the namespace has defaults."""
    for subject, resources in asking(neighbours):
        if resources.is_empty:
            severity = Severity.ERROR if subject.protected else Severity.WARNING
            route = resources.container.where("resources")
            message = f"{resources.container} has no resource requests and limits"
            yield subject, Fault(RULE, route, message, "set requests, and a memory limit", severity)
