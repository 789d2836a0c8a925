"""No Windows container is a process of the host."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault, Remedy
from gitops_ci.policy.pods.view import PodView
from gitops_ci.policy.pss import BASELINE

RULE = Rule(
    "pss/windows-host-process",
    "A Windows container that runs as a process of its node",
    Severity.ERROR,
    "A HostProcess container has the rights of the node's own processes.",
    BASELINE,
)
SINCE = 0
REPLACES = ""


def check(pod: PodView, _minor: int) -> Iterator[Fault]:
    """A fault for each place that asks for it."""
    for context in pod.contexts:
        if context.at("windowsOptions", "hostProcess") is True:
            route = context.where("windowsOptions", "hostProcess")
            remedy = Remedy("remove it", route, remove=True)
            message = f"{context.who} asks for hostProcess"
            yield Fault(RULE, route, message, "remove it", remedy=remedy)
