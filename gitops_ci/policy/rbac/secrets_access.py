"""Nobody reads the secrets of the whole cluster."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.rbac import URL
from gitops_ci.policy.rbac.rights import (
    BINDINGS,
    CLUSTER_BINDINGS,
    CLUSTER_ROLES,
    Grant,
    grants_of,
    role_of,
)
from gitops_ci.policy.subject import Subject

RULE = Rule(
    "rbac/secrets-access",
    "A role that reads every Secret of the cluster",
    Severity.ERROR,
    "Among them are the tokens and passwords of everybody else. `list` and `watch` give the values"
    " as `get` does. A role that nothing here binds cluster-wide is a warning.",
    f"{URL}#listing-secrets",
)

_READ = ("get", "list", "watch")


def check(neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each ClusterRole with the right, unless it is only bound in single namespaces."""
    bound: dict[str, bool] = {}
    for binding in neighbours.of(BINDINGS):
        kind, name = role_of(binding)
        if kind == "ClusterRole":
            bound[name] = bound.get(name, False) or binding.kind in CLUSTER_BINDINGS
    for role in neighbours.own_of(CLUSTER_ROLES):
        everywhere = bound.get(role.ref.name)
        if everywhere is False and neighbours.sees_all(BINDINGS):
            continue
        for grant in grants_of(role):
            if grant.allows("", "secrets", *_READ) and not grant.names and not _is_wild(grant):
                verbs = [verb for verb in grant.verbs if verb in _READ] or ["read"]
                message = f"the role may {', '.join(verbs)} the Secrets of every namespace"
                hint = "bind it in the namespaces that need it, or limit it by resourceNames"
                severity = None if everywhere else Severity.WARNING
                route = (*grant.route, "resources")
                yield role, Fault(RULE, route, message, hint, severity)


def _is_wild(grant: Grant) -> bool:
    """Whether the whole grant is a wildcard that another rule finds."""
    return "secrets" not in grant.resources and any(v not in _READ for v in grant.verbs)
