"""A spread counts the pods that it spreads."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.pods.view import is_set
from gitops_ci.policy.reliability import CONCEPTS
from gitops_ci.policy.selectors import selector_matches
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import REPLICATED, labels_of
from gitops_ci.render.routes import items

RULE = Rule(
    "reliability/spread-mismatch",
    "A topology spread whose selector does not match the pod itself",
    Severity.WARNING,
    "The scheduler counts other pods, or none: the constraint spreads nothing.",
    f"{CONCEPTS}/scheduling-eviction/topology-spread-constraints/#spread-constraint-definition",
)
KINDS = REPLICATED


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for each constraint that leaves the pod's own labels out."""
    for pod in subject.pods:
        for index, constraint in enumerate(items(pod.spec, "topologySpreadConstraints")):
            if not isinstance(constraint, dict):
                continue
            selector = constraint.get("labelSelector")
            if selector_matches(selector, labels_of(pod)) is False:
                route = pod.where("topologySpreadConstraints", index, "labelSelector")
                what = "does not match the pod's own labels" if is_set(selector) else "is missing"
                yield Fault(RULE, route, f"the selector of the spread {what}")
