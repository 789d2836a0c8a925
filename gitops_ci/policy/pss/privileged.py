"""No container is privileged."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault, Remedy
from gitops_ci.policy.pods.view import PodView
from gitops_ci.policy.pss import BASELINE

RULE = Rule(
    "pss/privileged",
    "A privileged container",
    Severity.ERROR,
    "A privileged container has every right of the node's root user; nothing keeps it inside.",
    BASELINE,
)
SINCE = 0
REPLACES = ""


def check(pod: PodView, _minor: int) -> Iterator[Fault]:
    """A fault for each container that is privileged."""
    for container in pod.containers():
        if container.at("securityContext", "privileged") is True:
            route = container.where("securityContext", "privileged")
            hint = "remove it, and add the single capabilities that are needed"
            remedy = Remedy("remove it", route, remove=True)
            yield Fault(RULE, route, f"{container} is privileged", hint, remedy=remedy)
