"""Readiness and liveness are two questions."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.pods.view import MAIN
from gitops_ci.policy.reliability import TASKS
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import RUNNING
from gitops_ci.render.routes import mapping

RULE = Rule(
    "reliability/same-probes",
    "A liveness probe that fails as early as the readiness probe does",
    Severity.WARNING,
    "Under load, or while a database is away, pods ought to leave the Service for a while. With the"
    " same liveness probe all of them are restarted instead, which makes it worse.",
    f"{TASKS}/configure-pod-container/configure-liveness-readiness-startup-probes/",
)
KINDS = RUNNING

_REQUESTS = ("httpGet", "tcpSocket", "grpc", "exec")
_PERIOD, _THRESHOLD = 10, 3


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for each container whose two probes ask the same and give up at the same time."""
    for container in subject.containers(MAIN):
        live = mapping(container.value, "livenessProbe")
        ready = mapping(container.value, "readinessProbe")
        asked = [{key: probe.get(key) for key in _REQUESTS} for probe in (live, ready)]
        if not live or not any(asked[0].values()) or asked[0] != asked[1]:
            continue
        if _patience(live) <= _patience(ready):
            message = f"the liveness probe of {container} asks the same as the readiness probe"
            hint = "give it a higher failureThreshold, or ask something that only a restart mends"
            yield Fault(RULE, container.where("livenessProbe"), message, hint, key=True)


def _patience(probe: dict[str, object]) -> int:
    """How long the probe may fail before something happens, in seconds."""
    period, threshold = probe.get("periodSeconds"), probe.get("failureThreshold")
    return (period if isinstance(period, int) else _PERIOD) * (
        threshold if isinstance(threshold, int) else _THRESHOLD
    )
