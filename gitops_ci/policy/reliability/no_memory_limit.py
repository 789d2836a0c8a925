"""Memory has a limit."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.reliability import CONCEPTS
from gitops_ci.policy.reliability.resources import LIMITS, asking
from gitops_ci.policy.subject import Subject

RULE = Rule(
    "reliability/no-memory-limit",
    "A container without a memory limit",
    Severity.WARNING,
    "One leak takes the node's memory, and the kernel kills whatever it finds, also processes of"
    " others. A CPU limit is not asked for: without one the container is slowed only when others"
    " need the CPU.",
    f"{CONCEPTS}/configuration/manage-resources-containers/#how-pods-with-resource-limits-are-run",
)


def check(neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each container that has resources, but no limit for memory."""
    for subject, resources in asking(neighbours):
        if not resources.has(LIMITS, "memory") and not resources.is_empty:
            route = resources.container.where("resources", "limits", "memory")
            message = f"{resources.container} has no memory limit"
            yield subject, Fault(RULE, route, message)
