"""No role can give itself more rights."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.rbac import URL
from gitops_ci.policy.rbac.rights import ANY, CLUSTER_ROLES, GROUP, ROLES, Grant, grants_of
from gitops_ci.policy.subject import Subject

RULE = Rule(
    "rbac/escalate",
    "A role that may escalate, bind or impersonate",
    Severity.ERROR,
    "These verbs switch off what keeps rights from growing: whoever has one of them can get every"
    " right of the cluster. In a Role, for one namespace, it is a warning.",
    f"{URL}#escalate-verb",
)
KINDS = ROLES

_ROLES = ("roles", "clusterroles")
_IDENTITIES = ("users", "groups", "serviceaccounts", "uids")


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for each of the verbs that is written, where it has an effect and no names limit it.
    `*` is another rule's."""
    for grant in grants_of(subject):
        for index, verb in enumerate(grant.verbs):
            if not grant.names and _is_effective(grant, verb):
                route = (*grant.route, "verbs", index)
                message = f"the role may {verb} {_all(grant)}"
                hint = "limit it by resourceNames" if verb != "escalate" else "remove it"
                severity = None if subject.kind in CLUSTER_ROLES else Severity.WARNING
                yield Fault(RULE, route, message, hint, severity)


def _all(grant: Grant) -> str:
    return "every resource" if ANY in grant.resources else ", ".join(grant.resources)


def _is_effective(grant: Grant, verb: str) -> bool:
    if verb in ("escalate", "bind"):
        in_group = GROUP in grant.groups or ANY in grant.groups
        return in_group and any(grant.covers(resource) for resource in _ROLES)
    if verb == "impersonate":
        return any(grant.covers(resource) for resource in _IDENTITIES)
    return False
