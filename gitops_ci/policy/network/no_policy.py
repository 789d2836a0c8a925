"""Somebody says who may connect to a pod."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.network import CONCEPTS
from gitops_ci.policy.network.policies import FOREIGN, POLICIES, limits_ingress, selects
from gitops_ci.policy.pods.view import PodView
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import RUNNING

RULE = Rule(
    "network/no-policy",
    "A workload that no NetworkPolicy protects",
    Severity.WARNING,
    "Every pod of the cluster may connect to it. One policy with an empty podSelector and no rules"
    " denies that for a whole namespace, and others open what is needed.",
    f"{CONCEPTS}/network-policies/#default-deny-all-ingress-traffic",
)


def check(neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each workload without a policy for ingress, unless policies of another kind are
    used. Policies do not reach pods in the network of their node."""
    if not neighbours.sees_all(POLICIES | FOREIGN) or next(neighbours.of(FOREIGN), None):
        return
    for subject in neighbours.own_of(RUNNING):
        pods = [pod for pod in subject.pods if pod.at("hostNetwork") is not True]
        if pods and not any(_is_covered(subject, pod, neighbours) for pod in pods):
            message = f"every pod may connect to {subject.ref}"
            hint = "add a NetworkPolicy for its namespace"
            yield subject, Fault(RULE, ("metadata", "name"), message, hint)


def _is_covered(subject: Subject, pod: PodView, neighbours: Neighbours) -> bool:
    """Whether some policy limits, or may limit, who connects to the pod."""
    return any(
        limits_ingress(policy) and selects(policy, pod) is not False
        for policy in neighbours.around(subject, POLICIES)
    )
