"""An autoscaler has room."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.reliability import TASKS
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import HPA, SCALED_OBJECT, bounds_of

RULE = Rule(
    "reliability/hpa-bounds",
    "An autoscaler whose bounds leave it no choice",
    Severity.WARNING,
    "With the same number as minimum and maximum nothing is ever scaled. A minimum above the"
    " maximum is refused by the API server, and an error.",
    f"{TASKS}/run-application/horizontal-pod-autoscale/",
)
KINDS = HPA | SCALED_OBJECT


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for bounds that are equal or the wrong way round."""
    least, most = bounds_of(subject)
    if least is None or most is None or least < most:
        return
    field = "maxReplicas" if subject.kind in HPA else "maxReplicaCount"
    if least > most:
        message = f"at most {most} replicas is less than at least {least}"
        yield Fault(RULE, ("spec", field), message, severity=Severity.ERROR)
    elif least:
        yield Fault(RULE, ("spec", field), f"at least and at most are both {most} replicas")
