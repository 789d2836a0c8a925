"""Rights that lead to other rights are few."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.rbac import URL
from gitops_ci.policy.rbac.rights import ANY, CLUSTER_ROLES, grants_of
from gitops_ci.policy.subject import Subject

RULE = Rule(
    "rbac/powerful",
    "A cluster role with a right that leads to many others",
    Severity.WARNING,
    "A token of another account, a shell in another pod, or the kubelet's API of a node: each of"
    " them gives the rights of somebody else.",
    f"{URL}#kubernetes-rbac-privilege-escalation-risks",
)
KINDS = CLUSTER_ROLES

_RIGHTS = (
    ("", "serviceaccounts/token", ("create",), "make tokens of every service account"),
    ("", "pods/exec", ("create", "get"), "run commands in every pod"),
    ("", "pods/attach", ("create", "get"), "attach to every pod"),
    ("", "nodes/proxy", ("get", "create"), "reach the kubelet of every node"),
    (
        "certificates.k8s.io",
        "certificatesigningrequests/approval",
        ("update", "patch"),
        "approve certificates for every identity",
    ),
)


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for each of the rights that is written by its name, without a limit by names."""
    for grant in grants_of(subject):
        for group, resource, verbs, what in _RIGHTS:
            written = resource in grant.resources and not grant.names
            if written and ANY not in grant.groups and grant.allows(group, resource, *verbs):
                route = (*grant.route, "resources", grant.resources.index(resource))
                yield Fault(RULE, route, f"the role may {what}")
