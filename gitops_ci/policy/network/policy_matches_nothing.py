"""A policy is about pods that there are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.network import CONCEPTS
from gitops_ci.policy.network.policies import POLICIES, selects
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import matches_nothing

RULE = Rule(
    "network/policy-matches-nothing",
    "A NetworkPolicy whose selector matches no pods",
    Severity.WARNING,
    "It protects nothing: the labels of the workload were changed, or never were these.",
    f"{CONCEPTS}/network-policies/#networkpolicy-resource",
)


def check(neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each policy that fits none of the pods of its namespace."""
    for policy in neighbours.own_of(POLICIES):
        if matches_nothing(policy, neighbours, partial(selects, policy)):
            message = "the selector matches no pods of this namespace"
            yield policy, Fault(RULE, ("spec", "podSelector"), message, key=True)
