"""No rollout is left paused in git."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy import kinds
from gitops_ci.policy.fault import Fault, Remedy
from gitops_ci.policy.reliability import CONCEPTS
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import at

RULE = Rule(
    "reliability/paused-rollout",
    "A workload whose rollouts are paused",
    Severity.WARNING,
    "Changes are merged and synced, and nothing happens until somebody remembers.",
    f"{CONCEPTS}/workloads/controllers/deployment/#pausing-and-resuming-a-deployment-rollout",
)
KINDS = (
    kinds.of("apps", "Deployment")
    | kinds.of("argoproj.io", "Rollout")
    | kinds.of("apps.openshift.io", "DeploymentConfig")
)


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for `paused: true`."""
    if at(subject.value, ("spec", "paused")) is True:
        remedy = Remedy("remove it", ("spec", "paused"), remove=True)
        message = "rollouts are paused"
        yield Fault(RULE, ("spec", "paused"), message, "remove it", remedy=remedy)
