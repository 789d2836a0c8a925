"""No port of the node belongs to a container."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault, Remedy
from gitops_ci.policy.pods.view import PodView
from gitops_ci.policy.pss import BASELINE
from gitops_ci.render.routes import items

RULE = Rule(
    "pss/host-ports",
    "A container that takes a port of its node",
    Severity.ERROR,
    "Such a port is reached past Services and network policies, and only one pod for each node can"
    " have it.",
    BASELINE,
)
SINCE = 0
REPLACES = ""


def check(pod: PodView, _minor: int) -> Iterator[Fault]:
    """A fault for each host port but 0, which is none."""
    for container in pod.containers():
        for index, port in enumerate(items(container.value, "ports")):
            number = port.get("hostPort") if isinstance(port, dict) else None
            if isinstance(number, int) and number:
                route = container.where("ports", index, "hostPort")
                message = f"{container} takes port {number} of the node"
                remedy = Remedy("remove hostPort", route, remove=True)
                hint = "remove hostPort and use a Service"
                yield Fault(RULE, route, message, hint, remedy=remedy)
