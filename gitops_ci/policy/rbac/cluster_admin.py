"""Nobody is bound to cluster-admin."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.rbac import URL
from gitops_ci.policy.rbac.rights import BINDINGS, CLUSTER_BINDINGS, role_of, subjects_of
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import text

RULE = Rule(
    "rbac/cluster-admin",
    "A binding to cluster-admin",
    Severity.ERROR,
    "Who takes over one of its subjects owns the cluster. In one namespace, by a RoleBinding, it is"
    " a warning: it allows everything there, also changing its quotas and roles.",
    f"{URL}#least-privilege",
)
KINDS = BINDINGS


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for each binding to the role cluster-admin that gives it to anybody."""
    who = [text(value, "name") for _, value in subjects_of(subject)]
    if role_of(subject) != ("ClusterRole", "cluster-admin") or not who:
        return
    everywhere = subject.kind in CLUSTER_BINDINGS
    where = "of the whole cluster" if everywhere else "of the namespace"
    severity = None if everywhere else Severity.WARNING
    message = f"cluster-admin {where} is given to {', '.join(who)}"
    hint = "bind a role with what is needed"
    yield Fault(RULE, ("roleRef", "name"), message, hint, severity)
