"""What gets traffic does not stand on one pod."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.pods.view import is_set
from gitops_ci.policy.reliability import CONCEPTS
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import (
    HPA,
    REPLICATED,
    SCALED_OBJECT,
    bounds_of,
    replicas_of,
    scalers_of,
    services_of,
)
from gitops_ci.render.routes import at, items, text

RULE = Rule(
    "reliability/single-replica",
    "One replica of a service in a protected environment",
    Severity.WARNING,
    "Every node that is drained, and every node that fails, takes the service away until another"
    " pod has started.",
    f"{CONCEPTS}/workloads/controllers/deployment/#scaling-a-deployment",
)


def check(neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each workload behind a Service that runs once. One that says that it cannot run
    twice, by its strategy or its volumes, is left alone."""
    if not neighbours.sees_all(HPA | SCALED_OBJECT):
        return
    for subject in neighbours.own_of(REPLICATED):
        if not subject.protected or _must_be_alone(subject):
            continue
        scalers = scalers_of(subject, neighbours, HPA | SCALED_OBJECT)
        if scalers:
            least = [bounds_of(scaler)[0] for scaler in scalers]
            if least == [1] and _is_asked(subject, neighbours) and neighbours.owns(scalers[0]):
                message = f"{subject.ref} may be scaled down to one replica"
                field = "minReplicas" if scalers[0].kind in HPA else "minReplicaCount"
                yield scalers[0], Fault(RULE, ("spec", field), message, "keep two or more")
        elif replicas_of(subject) == 1 and _is_asked(subject, neighbours):
            message = f"{subject.ref} has one replica"
            yield subject, Fault(RULE, ("spec", "replicas"), message, "run two or more")


def _is_asked(subject: Subject, neighbours: Neighbours) -> bool:
    return next(services_of(subject, neighbours), None) is not None


def _must_be_alone(subject: Subject) -> bool:
    if text(subject.value, "spec", "strategy", "type") == "Recreate":
        return True
    if is_set(at(subject.value, ("spec", "volumeClaimTemplates"))):
        return True
    return any(
        isinstance(volume, dict) and is_set(volume.get("persistentVolumeClaim"))
        for pod in subject.pods
        for volume in items(pod.spec, "volumes")
    )
