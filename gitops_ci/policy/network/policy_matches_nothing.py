"""A policy is about pods that there are."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.network import CONCEPTS
from gitops_ci.policy.network.policies import POLICIES, selects
from gitops_ci.policy.pods.find import WORKLOADS
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import pods_beside

RULE = Rule(
    "network/policy-matches-nothing",
    "A NetworkPolicy whose selector matches no pods",
    Severity.WARNING,
    "It protects nothing: the labels of the workload were changed, or never were these.",
    f"{CONCEPTS}/network-policies/#networkpolicy-resource",
)


def check(neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each policy that fits none of the pods that its own root puts beside it."""
    if not neighbours.sees_all(WORKLOADS):
        return
    for policy in neighbours.own_of(POLICIES):
        verdicts = [selects(policy, pod) for pod in pods_beside(policy, neighbours)]
        if verdicts and all(verdict is False for verdict in verdicts):
            message = "the selector matches no pods of this namespace"
            yield policy, Fault(RULE, ("spec", "podSelector"), message, key=True)
