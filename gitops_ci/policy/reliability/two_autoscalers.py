"""One autoscaler for each workload."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.reliability import TASKS
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import HPA, SCALED_OBJECT, target_of

RULE = Rule(
    "reliability/two-autoscalers",
    "Two autoscalers of one workload",
    Severity.ERROR,
    "Each sets the number of replicas back to what it computes itself, for ever. Kubernetes"
    " refuses to scale by either (AmbiguousSelector).",
    f"{TASKS}/run-application/horizontal-pod-autoscale/",
)


def check(neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
    """A fault at each further autoscaler of the same target."""
    for scaler in neighbours.own_of(HPA | SCALED_OBJECT):
        target = target_of(scaler)
        near = neighbours.near(scaler, HPA | SCALED_OBJECT)
        same = [other for other in near if target_of(other) == target]
        others = [other for other in same if other.ref != scaler.ref]
        if target[1] and others and same and same[0].ref != scaler.ref:
            message = f"{others[0].ref} scales {' '.join(target)} already"
            yield scaler, Fault(RULE, ("spec", "scaleTargetRef"), message, key=True)
