"""Drains take one pod after the other."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.reliability import CONCEPTS
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import (
    BUDGET,
    HPA,
    REPLICATED,
    SCALED_OBJECT,
    bounds_of,
    budget_selects,
    replicas_of,
    scalers_of,
    services_of,
)

RULE = Rule(
    "reliability/no-pdb",
    "A replicated service without a disruption budget in a protected environment",
    Severity.WARNING,
    "When nodes are drained together, as in an upgrade of the cluster, all replicas may go at the"
    " same time.",
    f"{CONCEPTS}/workloads/pods/disruptions/#pod-disruption-budgets",
)


def check(neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each workload behind a Service with two replicas or more that no budget
    covers."""
    if not neighbours.sees_all(BUDGET | HPA | SCALED_OBJECT):
        return
    for subject in neighbours.own_of(REPLICATED):
        if not subject.protected or not _is_many(subject, neighbours):
            continue
        if _is_covered(subject, neighbours):
            continue
        if next(services_of(subject, neighbours), None):
            message = f"no PodDisruptionBudget covers {subject.ref}"
            yield subject, Fault(RULE, ("metadata", "name"), message)


def _is_covered(subject: Subject, neighbours: Neighbours) -> bool:
    """Whether some budget selects, or may select, pods of the object."""
    return any(
        budget_selects(budget, pod) is not False
        for budget in neighbours.around(subject, BUDGET)
        for pod in subject.pods
    )


def _is_many(subject: Subject, neighbours: Neighbours) -> bool:
    scalers = scalers_of(subject, neighbours, HPA | SCALED_OBJECT)
    counts = [bounds_of(scaler)[0] for scaler in scalers] or [replicas_of(subject)]
    return all(count is not None and count > 1 for count in counts)
