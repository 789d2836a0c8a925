"""A binding refers to a role that it can give."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.pods.view import is_set
from gitops_ci.policy.rbac import REFERENCE
from gitops_ci.policy.rbac.rights import CLUSTER_BINDINGS, role_of, subjects_of
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import at, text

RULE = Rule(
    "rbac/role-ref",
    "A binding that the API server refuses",
    Severity.ERROR,
    "A ClusterRoleBinding gives ClusterRoles only, and a service account among its subjects needs a"
    " namespace; in a RoleBinding it has the namespace of the binding.",
    f"{REFERENCE}#rolebinding-and-clusterrolebinding",
)
KINDS = CLUSTER_BINDINGS


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for a cluster-wide binding of a Role, and for accounts without a namespace."""
    if role_of(subject)[0] == "Role":
        message = "a ClusterRoleBinding cannot refer to a Role"
        yield Fault(RULE, ("roleRef", "kind"), message, "use a ClusterRole, or a RoleBinding")
    for route, value in subjects_of(subject):
        if text(value, "kind") == "ServiceAccount" and not is_set(at(value, ("namespace",))):
            message = f"the service account '{text(value, 'name')}' has no namespace"
            yield Fault(RULE, (*route, "namespace"), message)
