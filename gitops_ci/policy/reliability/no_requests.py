"""Containers ask for CPU and memory."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.reliability import CONCEPTS
from gitops_ci.policy.reliability.resources import REQUESTS, asking
from gitops_ci.policy.subject import Subject

RULE = Rule(
    "reliability/no-requests",
    "A container that asks for some resources, but not for CPU or not for memory",
    Severity.WARNING,
    "What is not asked for is not kept free: without a CPU request the container starves on a busy"
    " node, without one for memory it is placed where there is none.",
    f"{CONCEPTS}/configuration/manage-resources-containers/#requests-and-limits",
)


def check(neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each container that names only one of the two. Those that name nothing at all
    are another rule's."""
    for subject, resources in asking(neighbours):
        missing = [name for name in ("cpu", "memory") if not resources.has(REQUESTS, name)]
        if missing and not resources.is_empty:
            route = resources.container.where("resources", "requests", missing[0])
            message = f"{resources.container} asks for no {' and no '.join(missing)}"
            yield subject, Fault(RULE, route, message)
