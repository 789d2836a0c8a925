"""A rollout does not stop everything first."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy import kinds
from gitops_ci.policy.fault import Fault, Remedy
from gitops_ci.policy.reliability import CONCEPTS
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import replicas_of
from gitops_ci.render.routes import text

RULE = Rule(
    "reliability/recreate-strategy",
    "Several replicas that are all stopped before a new one starts",
    Severity.WARNING,
    "Recreate makes every rollout an outage; what can run twice can be replaced one by one.",
    f"{CONCEPTS}/workloads/controllers/deployment/#recreate-deployment",
)
KINDS = kinds.of("apps", "Deployment") | kinds.of("apps.openshift.io", "DeploymentConfig")


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for the strategy Recreate with two replicas or more."""
    count = replicas_of(subject)
    stops = text(subject.value, "spec", "strategy", "type") == "Recreate"
    if stops and count is not None and count > 1:
        message = f"all {count} replicas are stopped at each rollout"
        route = ("spec", "strategy", "type")
        remedy = Remedy("use RollingUpdate", route, "RollingUpdate")
        yield Fault(RULE, route, message, "use RollingUpdate", remedy=remedy)
