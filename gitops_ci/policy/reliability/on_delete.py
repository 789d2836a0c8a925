"""What is merged is rolled out."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy import kinds
from gitops_ci.policy.fault import Fault, Remedy
from gitops_ci.policy.reliability import CONCEPTS
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import text

RULE = Rule(
    "reliability/on-delete",
    "Pods that keep their old version until somebody deletes them",
    Severity.WARNING,
    "With OnDelete the controller reports success while the old build runs on: what is in git is"
    " not what runs.",
    f"{CONCEPTS}/workloads/controllers/statefulset/#update-strategies",
)
KINDS = kinds.of("apps", "StatefulSet", "DaemonSet")


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for the update strategy OnDelete."""
    route = ("spec", "updateStrategy", "type")
    if text(subject.value, *route) == "OnDelete":
        message = "a change reaches only pods that somebody deletes"
        remedy = Remedy("use RollingUpdate", route, "RollingUpdate")
        yield Fault(RULE, route, message, "use RollingUpdate", remedy=remedy)
