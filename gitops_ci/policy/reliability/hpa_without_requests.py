"""What is measured in per cent has a whole."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.reliability import TASKS
from gitops_ci.policy.reliability.resources import REQUESTS, Resources, asking
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import HPA, RUNNING, target_of
from gitops_ci.render.routes import items, text

RULE = Rule(
    "reliability/hpa-without-requests",
    "An autoscaler by utilisation of pods that ask for none of the resource",
    Severity.ERROR,
    "Utilisation is a share of what was asked for. Without a request the autoscaler cannot compute"
    " it (FailedGetResourceMetric) and never scales.",
    f"{TASKS}/run-application/horizontal-pod-autoscale/#how-does-a-horizontalpodautoscaler-work",
)

_RESOURCES = ("cpu", "memory")


def check(neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each metric whose target has containers without the request."""
    asked: dict[int, tuple[Subject, list[Resources]]] = {}
    for subject, resources in asking(neighbours):
        asked.setdefault(id(subject), (subject, []))[1].append(resources)
    for scaler in neighbours.own_of(HPA):
        wanted = target_of(scaler)
        targets = [
            subject
            for subject in neighbours.near(scaler, RUNNING)
            if (subject.kind[1], subject.ref.name) == wanted and id(subject) in asked
        ]
        for index, resource, container in _metrics(scaler):
            for target in targets[:1]:
                without = [
                    item.container
                    for item in asked[id(target)][1]
                    if container in ("", item.container.name) and not item.has(REQUESTS, resource)
                ]
                if without:
                    message = f"{without[0]} of {target.ref} asks for no {resource}"
                    hint = f"set resources.requests.{resource} there"
                    yield scaler, Fault(RULE, ("spec", "metrics", index), message, hint)


def _metrics(scaler: Subject) -> Iterator[tuple[int, str, str]]:
    """The metrics by utilisation: their index, the resource, and the container if it is one's."""
    for index, metric in enumerate(items(scaler.value, "spec", "metrics")):
        for kind, field in (("Resource", "resource"), ("ContainerResource", "containerResource")):
            name, target = text(metric, field, "name"), text(metric, field, "target", "type")
            if text(metric, "type") == kind and name in _RESOURCES and target == "Utilization":
                yield index, name, text(metric, field, "container")
