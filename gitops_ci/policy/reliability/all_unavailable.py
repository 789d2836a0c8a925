"""A rollout leaves some pods running."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy import kinds
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.reliability import CONCEPTS
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import at

RULE = Rule(
    "reliability/all-unavailable",
    "A rolling update that may take all pods at once",
    Severity.WARNING,
    "With maxUnavailable: 100% a rollout, also one of a broken build, is an outage.",
    f"{CONCEPTS}/workloads/controllers/deployment/#max-unavailable",
)
KINDS = kinds.of("apps", "Deployment", "DaemonSet", "StatefulSet")


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for a rolling update that lets every pod go."""
    for field in ("strategy", "updateStrategy"):
        route = ("spec", field, "rollingUpdate", "maxUnavailable")
        if at(subject.value, route) == "100%":
            yield Fault(RULE, route, "all pods may be unavailable during a rollout")
