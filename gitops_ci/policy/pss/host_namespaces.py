"""Pods stay out of the namespaces of their node."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault, Remedy
from gitops_ci.policy.pods.view import PodView
from gitops_ci.policy.pss import BASELINE

RULE = Rule(
    "pss/host-namespaces",
    "A pod that shares the network, processes or IPC of its node",
    Severity.ERROR,
    "Whoever takes over such a pod sees the traffic and the processes of everything on the node.",
    BASELINE,
)
SINCE = 0
REPLACES = ""

_FIELDS = ("hostNetwork", "hostPID", "hostIPC")


def check(pod: PodView, _minor: int) -> Iterator[Fault]:
    """A fault for each namespace that is shared."""
    for field in _FIELDS:
        if pod.at(field) is True:
            route = pod.where(field)
            remedy = Remedy("remove it", route, remove=True)
            message = f"the pod sets {field}: true"
            yield Fault(RULE, route, message, "remove it", remedy=remedy)
