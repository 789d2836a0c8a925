"""Probes and lifecycle hooks speak to their own pod."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault, Remedy
from gitops_ci.policy.pods.view import PodView
from gitops_ci.policy.pss import BASELINE
from gitops_ci.render.opaque import is_opaque

RULE = Rule(
    "pss/host-probes",
    "A probe or lifecycle hook that names a host",
    Severity.ERROR,
    "The kubelet sends these requests from the node: with a host of one's choice it reaches what"
    " the pod itself may not.",
    BASELINE,
)
SINCE = 34
REPLACES = ""

_HOOKS = (
    ("livenessProbe",),
    ("readinessProbe",),
    ("startupProbe",),
    ("lifecycle", "postStart"),
    ("lifecycle", "preStop"),
)
_REQUESTS = ("httpGet", "tcpSocket")


def check(pod: PodView, _minor: int) -> Iterator[Fault]:
    """A fault for each host that a probe or hook names."""
    for container in pod.containers():
        for hook in _HOOKS:
            for request in _REQUESTS:
                host = container.at(*hook, request, "host")
                if isinstance(host, str) and host and not is_opaque(host):
                    route = container.where(*hook, request, "host")
                    message = f"{container}: {hook[-1]} asks the host '{host}'"
                    remedy = Remedy("remove host", route, remove=True)
                    hint = "remove host: the pod itself is asked then"
                    yield Fault(RULE, route, message, hint, remedy=remedy)
