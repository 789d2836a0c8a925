"""The account that every pod has by default has no rights."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.rbac import URL
from gitops_ci.policy.rbac.rights import BINDINGS, role_of, subjects_of
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import text

RULE = Rule(
    "rbac/default-service-account",
    "A binding that gives rights to a default service account",
    Severity.WARNING,
    "Every pod of the namespace that names no account of its own gets these rights too, today's and"
    " tomorrow's.",
    f"{URL}#workload-creation",
)
KINDS = BINDINGS


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for each subject that is a service account called default."""
    for route, value in subjects_of(subject):
        if text(value, "kind") == "ServiceAccount" and text(value, "name") == "default":
            message = f"the default service account gets the role {role_of(subject)[1]}"
            yield Fault(RULE, (*route, "name"), message, "make an account for the workload")
