"""One of git and the autoscaler counts replicas."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy import kinds
from gitops_ci.policy.fault import Fault, Remedy
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.pods.view import is_set
from gitops_ci.policy.reliability import TASKS
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import HPA, REPLICATED, SCALED_OBJECT, scalers_of
from gitops_ci.render.routes import at, items

RULE = Rule(
    "reliability/hpa-replicas",
    "A number of replicas in git beside an autoscaler",
    Severity.WARNING,
    "Every sync sets the number back to what git says, and the autoscaler sets it again: pods come"
    " and go for nothing, and at a busy hour too few are left.",
    f"{TASKS}/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to"
    "-horizontal-autoscaling",
)
_DEPLOYERS = kinds.of("argoproj.io", "Application", "ApplicationSet")


def check(neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each workload with written replicas and an autoscaler. Where an Argo CD
    application is told to ignore differences of replicas, nothing is said."""
    if any(_ignores(subject) for subject in neighbours.of(_DEPLOYERS)):
        return
    for subject in neighbours.own_of(REPLICATED):
        if not is_set(at(subject.value, ("spec", "replicas"))):
            continue
        scalers = scalers_of(subject, neighbours, HPA | SCALED_OBJECT)
        if scalers:
            message = f"replicas is written, and {scalers[0].ref} scales {subject.ref}"
            route = ("spec", "replicas")
            remedy = Remedy("remove replicas", route, remove=True)
            yield subject, Fault(RULE, route, message, "remove replicas", remedy=remedy)


def _ignores(subject: Subject) -> bool:
    spec = ("spec",) if subject.kind[1] == "Application" else ("spec", "template", "spec")
    return any(
        "spec/replicas" in str(path).replace(".", "/")
        for entry in items(subject.value, *spec, "ignoreDifferences")
        for field in ("jsonPointers", "jqPathExpressions")
        for path in items(entry, field)
    )
