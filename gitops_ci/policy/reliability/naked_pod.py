"""Pods have somebody who replaces them."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy import kinds
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.reliability import CONCEPTS
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import items, mapping

RULE = Rule(
    "reliability/naked-pod",
    "A pod that nothing replaces",
    Severity.WARNING,
    "When its node is drained or fails, it is gone for good; a change of most fields needs somebody"
    " who deletes it first.",
    f"{CONCEPTS}/workloads/pods/#working-with-pods",
)
KINDS = kinds.of("", "Pod")

_HOOKS = ("helm.sh/hook", "argocd.argoproj.io/hook")


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for each Pod that is neither a hook nor owned."""
    annotations = mapping(subject.value, "metadata", "annotations")
    owned = items(subject.value, "metadata", "ownerReferences")
    if not owned and not any(hook in annotations for hook in _HOOKS):
        message = "nothing starts this pod again"
        yield Fault(RULE, ("kind",), message, "use a Deployment, or a Job")
