"""Resource rules of ValidatingAdmissionPolicy and its bindings.

https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gitops_ci.policy.admission.admission import Admission
from gitops_ci.policy.admission.model import Answer, Matcher, Unknown
from gitops_ci.policy.admission.selectors import selects_namespace, selects_object
from gitops_ci.render.routes import items, mapping, text

_SAME = (
    frozenset({("apps", "deployments"), ("extensions", "deployments")}),
    frozenset({("apps", "daemonsets"), ("extensions", "daemonsets")}),
    frozenset({("apps", "replicasets"), ("extensions", "replicasets")}),
    frozenset({("networking.k8s.io", "ingresses"), ("extensions", "ingresses")}),
    frozenset({("networking.k8s.io", "networkpolicies"), ("extensions", "networkpolicies")}),
    frozenset({("policy", "podsecuritypolicies"), ("extensions", "podsecuritypolicies")}),
    frozenset({("events.k8s.io", "events"), ("", "events")}),
)
"""Resources that several groups serve from one storage."""
_OWN = {
    ("admissionregistration.k8s.io", name)
    for name in (
        "validatingadmissionpolicies",
        "validatingadmissionpolicybindings",
        "mutatingadmissionpolicies",
        "mutatingadmissionpolicybindings",
    )
}
"""What no such policy is ever asked about."""


def constraints(spec: Mapping[str, Any]) -> Matcher:
    """The matcher for `matchConstraints` or `matchResources`. Without rules it fits everything:
    so it is for a binding, and the API server demands rules of a policy."""
    rules = _of_kind(items(spec, "resourceRules"), equivalent=text(spec, "matchPolicy") != "Exact")
    excluded = _of_kind(items(spec, "excludeResourceRules"), equivalent=False)
    everything = not items(spec, "resourceRules")
    namespaces, objects = mapping(spec, "namespaceSelector"), mapping(spec, "objectSelector")

    def matches(admission: Admission) -> Answer:
        if excluded(admission) is True:
            return False
        answer: Answer = everything or rules(admission)
        if answer is False or (objects and not selects_object(objects, admission)):
            return False
        selected = selects_namespace(namespaces, admission) if namespaces else True
        return selected if answer is True or selected is False else answer

    return matches


def _of_kind(rules: list[Any], *, equivalent: bool) -> Matcher:
    """The answer of the rules, once for each kind where it depends on nothing else."""
    known: dict[tuple[str, str, str, str], Answer] = {}
    by_name = any(items(rule, "resourceNames") for rule in rules)

    def matches(admission: Admission) -> Answer:
        key = (admission.group, admission.version, admission.kind, admission.operation)
        answer = known.get(key)
        if answer is None:
            own = (admission.group, admission.resource) in _OWN
            answer = False if own else _any(rules, admission, equivalent=equivalent)
            if not by_name:
                known[key] = answer
        return answer

    return matches


def _any(rules: list[Any], admission: Admission, *, equivalent: bool) -> Answer:
    answers = [_fits(rule, admission, equivalent=equivalent) for rule in rules]
    if True in answers:
        return True
    return next((answer for answer in answers if isinstance(answer, Unknown)), False)


def _fits(rule: Any, admission: Admission, *, equivalent: bool) -> Answer:
    if not _holds(items(rule, "operations"), admission.operation):
        return False
    if not _scope_fits(text(rule, "scope"), admission):
        return False
    names = items(rule, "resourceNames")
    if names and admission.name not in names:
        return False
    groups, versions = items(rule, "apiGroups"), items(rule, "apiVersions")
    resources = items(rule, "resources")
    if _holds(groups, admission.group) and _resource_fits(resources, admission.resource):
        if _holds(versions, admission.version):
            return True
        return _converted(admission) if equivalent else False
    others = _others(admission) if equivalent else ()
    same = any(_holds(groups, group) and _resource_fits(resources, name) for group, name in others)
    return _converted(admission) if same else False


def _converted(admission: Admission) -> Unknown:
    return Unknown(f"the API server converts {admission.kind} to another version before it asks")


def _others(admission: Admission) -> tuple[tuple[str, str], ...]:
    own = (admission.group, admission.resource)
    return next((tuple(same - {own}) for same in _SAME if own in same), ())


def _holds(values: list[Any], wanted: str) -> bool:
    return "*" in values or wanted in values


def _resource_fits(resources: list[Any], wanted: str) -> bool:
    """`*` stands for all resources, `*/*` for subresources as well; an object is never a
    subresource."""
    return not {"*", "*/*", wanted}.isdisjoint(map(str, resources))


def _scope_fits(scope: str, admission: Admission) -> bool:
    if scope in ("", "*"):
        return True
    return (scope == "Namespaced") is admission.is_namespaced
