"""Roles and bindings as rules read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from gitops_ci.model.span import Route
from gitops_ci.policy import kinds
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import items, mapping, text

GROUP = "rbac.authorization.k8s.io"
ROLES = kinds.of(GROUP, "Role", "ClusterRole")
CLUSTER_ROLES = kinds.of(GROUP, "ClusterRole")
BINDINGS = kinds.of(GROUP, "RoleBinding", "ClusterRoleBinding")
CLUSTER_BINDINGS = kinds.of(GROUP, "ClusterRoleBinding")

ANY = "*"


class Grant(Struct, frozen=True):
    """One rule of a role: the right to do something with some resources. `names` limits it to
    objects of these names, if there are any."""

    route: Route
    groups: tuple[str, ...]
    resources: tuple[str, ...]
    verbs: tuple[str, ...]
    names: tuple[str, ...]

    def allows(self, group: str, resource: str, *verbs: str) -> bool:
        """Whether one of the verbs is allowed on a resource of a group."""
        return (
            _has(self.groups, group)
            and self.covers(resource)
            and any(_has(self.verbs, verb) for verb in verbs)
        )

    def covers(self, resource: str) -> bool:
        """Whether the resource is meant, by its name, `*`, or `*/status` for a part of one."""
        _, slash, part = resource.partition("/")
        return _has(self.resources, resource) or bool(slash and f"*/{part}" in self.resources)


def _has(words: tuple[str, ...], word: str) -> bool:
    return ANY in words or word in words


def grants_of(role: Subject) -> Iterator[Grant]:
    """The rules of a role about resources."""
    for index, rule in enumerate(items(role.value, "rules")):
        if isinstance(rule, dict) and rule.get("resources"):
            fields = ("apiGroups", "resources", "verbs", "resourceNames")
            yield Grant(("rules", index), *(_words(rule, field) for field in fields))


def _words(rule: dict[str, Any], field: str) -> tuple[str, ...]:
    return tuple(word for word in items(rule, field) if isinstance(word, str))


def role_of(binding: Subject) -> tuple[str, str]:
    """The kind and name of the role that a binding gives."""
    reference = mapping(binding.value, "roleRef")
    return text(reference, "kind"), text(reference, "name")


def subjects_of(binding: Subject) -> Iterator[tuple[Route, dict[str, Any]]]:
    """Those who get the role of a binding, each with its route."""
    for index, subject in enumerate(items(binding.value, "subjects")):
        if isinstance(subject, dict):
            yield ("subjects", index), subject
