"""Replicas stand on different nodes."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.pods.view import PodView, is_set
from gitops_ci.policy.reliability import CONCEPTS
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import REPLICATED, replicas_of

RULE = Rule(
    "reliability/no-spread",
    "Replicas that may all run on one node, in a protected environment",
    Severity.NOTE,
    "Without a topology spread or anti-affinity the scheduler only tries to spread them; a failed"
    " node or zone may take all of them.",
    f"{CONCEPTS}/scheduling-eviction/topology-spread-constraints/",
)
KINDS = REPLICATED


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for each workload with two written replicas or more and neither of the two."""
    count = replicas_of(subject)
    if not subject.protected or count is None or count < 2:
        return
    for pod in subject.pods:
        if not _is_spread(pod):
            message = f"nothing keeps the {count} replicas from running on one node"
            hint = "add topologySpreadConstraints"
            yield Fault(RULE, pod.where("topologySpreadConstraints"), message, hint)


def _is_spread(pod: PodView) -> bool:
    if is_set(pod.at("topologySpreadConstraints")):
        return True
    affinity = pod.at("affinity")
    return isinstance(affinity, str) or is_set(pod.at("affinity", "podAntiAffinity"))
