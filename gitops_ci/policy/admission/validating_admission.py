"""ValidatingAdmissionPolicy and its bindings, v1 and v1beta1.

https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from gitops_ci.model.severity import Severity
from gitops_ci.policy.admission.model import AdmissionPolicy, Clause, ParamSource, Unknown
from gitops_ci.policy.admission.reading import expressions, validations
from gitops_ci.policy.admission.resources import constraints
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.routes import items, mapping, text

GROUP = "admissionregistration.k8s.io"
POLICY = "ValidatingAdmissionPolicy"
BINDING = "ValidatingAdmissionPolicyBinding"
_WEIGHTS = {"Deny": Severity.ERROR, "Warn": Severity.WARNING, "Audit": Severity.NOTE}
_NO_BINDING = Unknown("no ValidatingAdmissionPolicyBinding puts it into force")


def read(
    policies: Iterable[RenderedObject],
    bindings: Iterable[RenderedObject],
    *,
    unbound: bool = False,
) -> Iterator[AdmissionPolicy]:
    """Each policy, with one clause for each of its bindings; `unbound` puts one without into force
    all the same."""
    by_policy: dict[str, list[Mapping[str, Any]]] = {}
    for binding in bindings:
        spec = mapping(binding.value, "spec")
        by_policy.setdefault(text(spec, "policyName"), []).append(spec)
    for policy in policies:
        name = policy.ref.name
        bound = by_policy.get(name, [])
        made = tuple(_clause(policy.value, binding) for binding in bound)
        alone = replace(_clause(policy.value, {}), never=None if unbound else _NO_BINDING)
        yield AdmissionPolicy(POLICY, name, policy, made or (alone,))


def _clause(policy: Mapping[str, Any], binding: Mapping[str, Any]) -> Clause:
    spec = mapping(policy, "spec")
    actions = [_WEIGHTS[word] for word in items(binding, "validationActions") if word in _WEIGHTS]
    matchers = (
        constraints(mapping(spec, "matchConstraints")),
        constraints(mapping(binding, "matchResources")),
    )
    return Clause(
        name="",
        matchers=matchers,
        validations=validations(policy, "spec", "validations"),
        conditions=expressions(policy, "spec", "matchConditions"),
        variables=expressions(policy, "spec", "variables"),
        params=params_in(spec, binding),
        has_params=bool(mapping(spec, "paramKind")),
        severity=max(actions, default=Severity.NOTE),
        failing_open=text(spec, "failurePolicy") == "Ignore",
    )


def params_in(spec: Mapping[str, Any], binding: Mapping[str, Any]) -> ParamSource | None:
    """What `paramKind` of one and `paramRef` of the other name; None without both."""
    kind, reference = mapping(spec, "paramKind"), mapping(binding, "paramRef")
    if not kind or not reference:
        return None
    selector = mapping(reference, "selector") if "selector" in reference else None
    return ParamSource(
        text(kind, "apiVersion"),
        text(kind, "kind"),
        text(reference, "name"),
        text(reference, "namespace"),
        selector,
    )
