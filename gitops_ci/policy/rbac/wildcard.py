"""Rights are named one by one."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.rbac import URL
from gitops_ci.policy.rbac.rights import ANY, CLUSTER_ROLES, ROLES, Grant, grants_of
from gitops_ci.policy.subject import Subject

RULE = Rule(
    "rbac/wildcard",
    "A role with a wildcard",
    Severity.ERROR,
    "`*` also stands for kinds that will be installed later, and for verbs such as escalate and"
    " impersonate. A wildcard that is bounded by a namespace, by named groups or resources is a"
    " warning.",
    f"{URL}#least-privilege",
)
KINDS = ROLES

_WIDE = ("", ANY, "rbac.authorization.k8s.io")
"""Groups in which every resource is as good as everything."""


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for each rule with a wildcard, at the widest place of it."""
    for grant in grants_of(subject):
        field, words = _what(grant)
        if not field:
            continue
        everything = ANY in grant.resources and any(group in _WIDE for group in grant.groups)
        error = everything and _changes(grant) and subject.kind in CLUSTER_ROLES
        severity = None if error else Severity.WARNING
        route = (*grant.route, field)
        yield Fault(RULE, route, words, "name what is needed", severity)


def _what(grant: Grant) -> tuple[str, str]:
    if ANY in grant.resources:
        where = "every group" if ANY in grant.groups else ", ".join(map(_named, grant.groups))
        return "resources", f"the role is about every kind of object of {where}"
    if ANY in grant.groups:
        return "apiGroups", f"the role is about {', '.join(grant.resources)} of every group"
    if ANY in grant.verbs:
        return "verbs", f"the role may do everything with {', '.join(grant.resources)}"
    return "", ""


def _named(group: str) -> str:
    return group or "the core group"


def _changes(grant: Grant) -> bool:
    return any(verb not in ("get", "list", "watch") for verb in grant.verbs)
