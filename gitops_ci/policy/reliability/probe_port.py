"""Probes ask a port that there is."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.pods.view import Container
from gitops_ci.policy.reliability import CONCEPTS
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import RUNNING
from gitops_ci.render.opaque import is_opaque
from gitops_ci.render.routes import items, text

RULE = Rule(
    "reliability/probe-port",
    "A probe that names a port which the container does not have",
    Severity.ERROR,
    "The kubelet cannot find the port, so that the probe always fails: the pod never gets ready, or"
    " is restarted for ever.",
    f"{CONCEPTS}/workloads/pods/probes/",
)
KINDS = RUNNING

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for each probe whose named port is none of its container's."""
    for container in subject.containers():
        for probe in _PROBES:
            for request in ("httpGet", "tcpSocket"):
                port = container.at(probe, request, "port")
                if isinstance(port, str) and not _has(container, port):
                    route = container.where(probe, request, "port")
                    message = f"{container} has no port '{port}', which its {probe} asks"
                    yield Fault(RULE, route, message, _hint(container))


def _has(container: Container, port: str) -> bool:
    """Whether the container has a port of that name; numbers need not be declared."""
    names = [port_.get("name") if isinstance(port_, dict) else port_ for port_ in _ports(container)]
    return port.isdigit() or is_opaque(port) or port in names or any(map(is_opaque, names))


def _ports(container: Container) -> list[object]:
    return items(container.value, "ports")


def _hint(container: Container) -> str:
    names = [text(port, "name") for port in _ports(container) if text(port, "name")]
    return f"its ports are {', '.join(names)}" if names else ""
