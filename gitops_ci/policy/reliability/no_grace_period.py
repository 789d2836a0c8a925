"""Pods get time to end."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault, Remedy
from gitops_ci.policy.reliability import CONCEPTS
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import RUNNING

RULE = Rule(
    "reliability/no-grace-period",
    "Pods that are killed without a chance to end",
    Severity.WARNING,
    "Requests are cut off at every rollout, and a StatefulSet may run two pods of one identity.",
    f"{CONCEPTS}/workloads/pods/pod-lifecycle/#pod-termination",
)
KINDS = RUNNING


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for a grace period of 0."""
    for pod in subject.pods:
        value = pod.at("terminationGracePeriodSeconds")
        if isinstance(value, int) and not isinstance(value, bool) and value == 0:
            route = pod.where("terminationGracePeriodSeconds")
            remedy = Remedy("remove it", route, remove=True)
            hint = "remove it: 30 s is the default"
            yield Fault(RULE, route, "the pods are killed at once", hint, remedy=remedy)
