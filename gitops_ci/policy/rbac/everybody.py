"""Rights are given to somebody, not to everybody."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.rbac import REFERENCE
from gitops_ci.policy.rbac.rights import BINDINGS, role_of, subjects_of
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import text

RULE = Rule(
    "rbac/everybody",
    "A binding that gives rights to everybody",
    Severity.ERROR,
    "Whoever reaches the API server is system:unauthenticated, and whoever has any account, every"
    " pod included, is system:authenticated. The latter is a warning.",
    f"{REFERENCE}#referring-to-subjects",
)
KINDS = BINDINGS

_ANYBODY = ("system:anonymous", "system:unauthenticated")
_EVERY_ACCOUNT = ("system:authenticated", "system:serviceaccounts")
_HARMLESS = ("system:discovery", "system:basic-user", "system:public-info-viewer")


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for each subject that stands for everybody, but for the roles that all have."""
    role = role_of(subject)[1]
    for route, value in subjects_of(subject):
        name = text(value, "name")
        if text(value, "kind") not in ("User", "Group") or role in _HARMLESS:
            continue
        if name in _ANYBODY or name in _EVERY_ACCOUNT:
            severity = None if name in _ANYBODY else Severity.WARNING
            message = f"everybody ({name}) gets the role {role}"
            yield Fault(RULE, (*route, "name"), message, "name who needs it", severity)
