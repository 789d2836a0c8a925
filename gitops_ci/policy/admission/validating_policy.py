"""Kyverno's ValidatingPolicy.

https://kyverno.io/docs/policy-types/validating-policy/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from gitops_ci.model.severity import Severity
from gitops_ci.policy.admission.autogen import for_controllers, for_cronjobs
from gitops_ci.policy.admission.kyverno_match import within
from gitops_ci.policy.admission.model import AdmissionPolicy, Clause, Matcher, Unknown
from gitops_ci.policy.admission.reading import expressions, validations
from gitops_ci.policy.admission.resources import constraints
from gitops_ci.policy.admission.unanswered import KYVERNO_LIBRARY
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.routes import at, items, mapping, text

GROUP = "policies.kyverno.io"
KINDS = ("ValidatingPolicy", "NamespacedValidatingPolicy")
_WEIGHTS = {"Deny": Severity.ERROR, "Warn": Severity.WARNING, "Audit": Severity.WARNING}
_APPS = ("daemonsets", "deployments", "replicasets", "statefulsets")
_TARGETS = {**dict.fromkeys(_APPS, "apps"), "jobs": "batch", "cronjobs": "batch"}
_CRONJOBS = "cronjobs"
_JSON = Unknown("it is about JSON documents and not about objects")


def read(policies: Iterable[RenderedObject]) -> Iterator[AdmissionPolicy]:
    """Each policy, with the clauses made for pod controllers."""
    for policy in policies:
        ref = policy.ref
        namespace = ref.namespace if ref.kind == KINDS[1] else ""
        clauses = tuple(_clauses(policy.value, namespace))
        yield AdmissionPolicy(
            ref.kind, ref.name, policy, clauses, namespace, library=KYVERNO_LIBRARY
        )


def _clauses(policy: Mapping[str, Any], namespace: str) -> Iterator[Clause]:
    spec = mapping(policy, "spec")
    inside = within(namespace)
    actions = [_WEIGHTS[word] for word in items(spec, "validationActions") if word in _WEIGHTS]
    matched = mapping(spec, "matchConstraints")
    clause = Clause(
        name=text(policy, "metadata", "name"),
        matchers=(*inside, constraints(matched)),
        validations=validations(policy, "spec", "validations"),
        conditions=expressions(policy, "spec", "matchConditions"),
        variables=expressions(policy, "spec", "variables"),
        severity=max(actions, default=Severity.ERROR),
        failing_open=text(spec, "failurePolicy") == "Ignore",
        never=_JSON if text(spec, "evaluation", "mode") == "JSON" else None,
    )
    yield clause
    if not _is_about_pods(matched):
        return
    asked = at(spec, ("autogen", "podControllers", "controllers"))
    chosen = [name for name in _TARGETS if not isinstance(asked, list) or name in asked]
    templated = [name for name in chosen if name != _CRONJOBS]
    operations = items(matched, "resourceRules", 0, "operations")
    if templated:
        moved = for_controllers(clause, keeps_own=True)
        yield replace(moved, matchers=(*inside, _about(templated, operations)))
    if _CRONJOBS in chosen:
        moved = for_cronjobs(clause, keeps_own=True)
        yield replace(moved, matchers=(*inside, _about([_CRONJOBS], operations)))


def _is_about_pods(matched: Mapping[str, Any]) -> bool:
    """Whether the policy is about pods and nothing else, whatever their names and labels."""
    rules = items(matched, "resourceRules")
    if len(rules) != 1 or items(matched, "excludeResourceRules"):
        return False
    if mapping(matched, "namespaceSelector") or mapping(matched, "objectSelector"):
        return False
    rule = rules[0]
    return (
        items(rule, "apiGroups") == [""]
        and items(rule, "apiVersions") == ["v1"]
        and items(rule, "resources") == ["pods"]
        and not items(rule, "resourceNames")
    )


def _about(resources: list[str], operations: list[Any]) -> Matcher:
    rules = [
        {
            "apiGroups": [_TARGETS[name]],
            "apiVersions": ["v1"],
            "resources": [name],
            "operations": operations,
        }
        for name in resources
    ]
    return constraints({"resourceRules": rules})
