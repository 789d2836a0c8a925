"""A token is where rights are."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.pods.find import WORKLOADS
from gitops_ci.policy.rbac import URL
from gitops_ci.policy.rbac.rights import BINDINGS, subjects_of
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import text

RULE = Rule(
    "rbac/token-automount",
    "A pod that asks for the token of an account without rights",
    Severity.NOTE,
    "The pod says automountServiceAccountToken: true, and nothing here gives its account a role:"
    " either the role is missing, or the token is only there to be stolen.",
    f"{URL}#minimize-distribution-of-privileged-tokens",
)

_FIELD = "automountServiceAccountToken"


def check(neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each pod that asks for it while no binding names its account."""
    if not neighbours.sees_all(BINDINGS):
        return
    bound = {
        text(value, "name")
        for binding in neighbours.of(BINDINGS)
        for _, value in subjects_of(binding)
    }
    for subject in neighbours.own_of(WORKLOADS):
        for pod in subject.pods:
            name = text(pod.spec, "serviceAccountName") or "default"
            if pod.at(_FIELD) is True and name not in bound and bound.isdisjoint(_GROUPS):
                message = f"the token of '{name}' is mounted, and no role is bound to it"
                yield subject, Fault(RULE, pod.where(_FIELD), message)


_GROUPS = ("system:serviceaccounts", "system:authenticated")
