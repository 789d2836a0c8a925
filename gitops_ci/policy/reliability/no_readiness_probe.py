"""Traffic goes to pods that are ready."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.pods.view import MAIN, Container, PodView, is_set
from gitops_ci.policy.reliability import CONCEPTS
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import RUNNING, services_of
from gitops_ci.render.routes import items

RULE = Rule(
    "reliability/no-readiness-probe",
    "A pod behind a Service without a readiness probe",
    Severity.WARNING,
    "The pod gets requests as soon as its process exists: every rollout and every restart answers"
    " some of them with errors, and a rollout of a broken build looks like a success.",
    f"{CONCEPTS}/workloads/pods/pod-lifecycle/#container-probes",
)


def check(neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each workload that a Service selects and in which no container has a probe."""
    for subject in neighbours.own_of(RUNNING):
        asked = next((pod for _, pod in services_of(subject, neighbours)), None)
        if asked is None or any(_probed(container) for container in asked.containers()):
            continue
        container = _listening(asked)
        if container is not None:
            message = f"{container} gets traffic from a Service and has no readiness probe"
            yield subject, Fault(RULE, container.where("readinessProbe"), message)


def _probed(container: Container) -> bool:
    return is_set(container.at("readinessProbe"))


def _listening(pod: PodView) -> Container | None:
    """The container with ports, else the first one."""
    found = list(pod.containers(MAIN))
    with_ports = [container for container in found if items(container.value, "ports")]
    return next(iter(with_ports or found), None)
