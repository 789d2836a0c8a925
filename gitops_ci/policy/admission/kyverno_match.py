"""`match` and `exclude` of Kyverno's rules.

https://kyverno.io/docs/policy-types/cluster-policy/match-exclude/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gitops_ci.config.globs import PatternError, name_matches
from gitops_ci.policy.admission.admission import Admission
from gitops_ci.policy.admission.model import (
    Answer,
    Matcher,
    Unknown,
    all_of,
    any_of,
    opposite,
)
from gitops_ci.policy.admission.selectors import selects_namespace, selects_object
from gitops_ci.render.routes import items, mapping, text

_WHO = ("subjects", "roles", "clusterRoles")
_ANYBODY = Unknown("it depends on who makes the request")


def matcher(rule: Mapping[str, Any]) -> Matcher:
    """What a rule is about: `match` without `exclude`."""
    wanted, unwanted = mapping(rule, "match"), mapping(rule, "exclude")

    def matches(admission: Admission) -> Answer:
        if not unwanted:
            return _block(wanted, admission)
        return all_of(
            (lambda it: _block(wanted, it), lambda it: opposite(_block(unwanted, it))), admission
        )

    return matches


def filters(block: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The filters of a block, whether they stand in `any`, in `all`, or alone."""
    listed = [*items(block, "any"), *items(block, "all")]
    return [item for item in (listed or [block]) if isinstance(item, dict)]


def kinds_in(block: Mapping[str, Any]) -> list[str]:
    """The kinds that a block names."""
    return [
        str(kind) for item in filters(block) for kind in items(mapping(item, "resources"), "kinds")
    ]


def _block(block: Mapping[str, Any], admission: Admission) -> Answer:
    if items(block, "any"):
        return any_of(tuple(map(_filter, filters({"any": block["any"]}))), admission)
    return all_of(tuple(map(_filter, filters(block))), admission)


def _filter(entry: Mapping[str, Any]) -> Matcher:
    resources = mapping(entry, "resources")
    who = any(items(entry, name) for name in _WHO)

    def matches(admission: Admission) -> Answer:
        return all_of(
            (
                lambda it: _fits(resources, it),
                lambda it: selects_object(mapping(resources, "selector"), it),
                lambda it: selects_namespace(mapping(resources, "namespaceSelector"), it),
                lambda _: _ANYBODY if who else True,
            ),
            admission,
        )

    return matches


def _fits(resources: Mapping[str, Any], admission: Admission) -> bool:
    kinds = items(resources, "kinds")
    if kinds and not any(kind_matches(str(kind), admission) for kind in kinds):
        return False
    operations = items(resources, "operations")
    if operations and admission.operation not in operations:
        return False
    name = text(resources, "name")
    names = [*items(resources, "names"), *((name,) if name else ())]
    if names and not _one_of(names, admission.name):
        return False
    namespaces = items(resources, "namespaces")
    place = admission.name if admission.kind == "Namespace" else admission.namespace
    if namespaces and not _one_of(namespaces, place):
        return False
    wanted = mapping(resources, "annotations")
    stated = mapping(admission.value, "metadata", "annotations")
    return all(
        any(_glob(key, has) and _glob(str(value), str(stated[has])) for has in stated)
        for key, value in wanted.items()
    )


def _one_of(patterns: list[Any], name: str) -> bool:
    return any(_glob(str(pattern), name) for pattern in patterns)


def _glob(pattern: str, name: str) -> bool:
    try:
        return pattern == name or name_matches(pattern, name)
    except PatternError:
        return False


def kind_matches(selector: str, admission: Admission) -> bool:
    """Whether `Kind`, `version/Kind` or `group/version/Kind` names the kind of the object. What
    names a subresource names no object."""
    parts = selector.split("/")
    if len(parts) > 1 and parts[-1][:1].islower():
        return False
    kind, _, subresource = parts[-1].partition(".")
    if subresource and subresource[:1].islower() and subresource != "*":
        return False
    rest = parts[:-1]
    version = rest[-1] if rest else "*"
    group = rest[0] if len(rest) > 1 else "*"
    return (
        _glob(kind, admission.kind)
        and _glob(version, admission.version)
        and _glob(group, admission.group)
    )
