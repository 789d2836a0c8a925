"""Kyverno's ClusterPolicy and Policy: the rules in them that are written in CEL.

https://kyverno.io/docs/policy-types/cluster-policy/validate/#common-expression-language-cel
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from gitops_ci.model.severity import Severity
from gitops_ci.policy.admission.autogen import (
    ALL,
    CRONJOB,
    for_controllers,
    for_cronjobs,
)
from gitops_ci.policy.admission.kyverno_match import filters, kinds_in, matcher, within
from gitops_ci.policy.admission.model import AdmissionPolicy, Clause, Matcher, Unknown
from gitops_ci.policy.admission.reading import expressions, validations
from gitops_ci.policy.admission.validating_admission import params_in
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.routes import items, mapping, text

GROUP = "kyverno.io"
KINDS = ("ClusterPolicy", "Policy")
CONTROLLERS_ANNOTATION = "pod-policies.kyverno.io/autogen-controllers"
_WEIGHTS = {"enforce": Severity.ERROR, "audit": Severity.WARNING}
NOT_CEL = Unknown("the rule is not in CEL: Kyverno itself has to judge it")
"""Why a rule with a pattern and the like is not evaluated."""
_UNFIT = ("name", "names", "selector", "annotations")
"""Fields of a filter that a pod template may not have in the same way: no rule is carried over."""


def read(policies: Iterable[RenderedObject]) -> Iterator[AdmissionPolicy]:
    """The policies that validate, with the rules made for pod controllers. Rules that are not in
    CEL are there too, to be counted."""
    for policy in policies:
        clauses = tuple(_clauses(policy.value))
        if clauses:
            ref = policy.ref
            namespace = ref.namespace if ref.kind == "Policy" else ""
            yield AdmissionPolicy(ref.kind, ref.name, policy, clauses, namespace)


def _clauses(policy: Mapping[str, Any]) -> Iterator[Clause]:
    rules = items(policy, "spec", "rules")
    controllers = _controllers(policy, rules)
    for index, rule in enumerate(rules):
        if not mapping(rule, "validate", "cel"):
            if mapping(rule, "validate"):
                yield _elsewhere(policy, rule)
            continue
        clause = _clause(policy, rule, index)
        yield clause
        if "Pod" not in map(_bare, kinds_in(mapping(rule, "match"))):
            continue
        excluded = kinds_in(mapping(rule, "exclude"))
        if excluded and "Pod" not in map(_bare, excluded):
            continue
        inside = _within(policy)
        templated = tuple(kind for kind in controllers if kind != CRONJOB)
        if templated:
            moved = for_controllers(clause, keeps_own=False)
            yield replace(moved, matchers=(*inside, matcher(_with_kinds(rule, templated))))
        if CRONJOB in controllers:
            moved = for_cronjobs(clause, keeps_own=False)
            yield replace(moved, matchers=(*inside, matcher(_with_kinds(rule, (CRONJOB,)))))


def _clause(policy: Mapping[str, Any], rule: Mapping[str, Any], index: int) -> Clause:
    spec, validate = mapping(policy, "spec"), mapping(rule, "validate")
    cel = mapping(validate, "cel")
    base = ("spec", "rules", index)
    action = text(validate, "failureAction") or text(spec, "validationFailureAction")
    overrides = items(validate, "failureActionOverrides") or items(
        spec, "validationFailureActionOverrides"
    )
    return Clause(
        name=text(rule, "name"),
        matchers=(*_within(policy), matcher(rule)),
        validations=validations(
            policy, *base, "validate", "cel", "expressions", message=text(validate, "message")
        ),
        conditions=expressions(policy, *base, "celPreconditions"),
        variables=expressions(policy, *base, "validate", "cel", "variables"),
        params=params_in(cel, cel),
        has_params=bool(mapping(cel, "paramKind")),
        severity=_weight(action),
        severities=tuple(_overridden(overrides)),
        failing_open=text(spec, "failurePolicy") == "Ignore",
    )


def _elsewhere(policy: Mapping[str, Any], rule: Mapping[str, Any]) -> Clause:
    matchers = (*_within(policy), matcher(rule))
    return Clause(text(rule, "name"), matchers, (), never=NOT_CEL)


def _weight(action: str) -> Severity:
    return _WEIGHTS.get(action.lower(), Severity.WARNING)


def _overridden(overrides: list[Any]) -> Iterator[tuple[str, Severity]]:
    for entry in overrides:
        for namespace in items(entry, "namespaces"):
            yield str(namespace), _weight(text(entry, "action"))


def _within(policy: Mapping[str, Any]) -> tuple[Matcher, ...]:
    """A Policy is about the objects of its own namespace."""
    own = text(policy, "kind") == "Policy"
    return within(text(policy, "metadata", "namespace")) if own else ()


def _controllers(policy: Mapping[str, Any], rules: list[Any]) -> tuple[str, ...]:
    """The kinds that the rules for pods are carried over to: for all rules or for none."""
    needed = False
    for rule in rules:
        if "generate" in rule or "mutate" in rule:
            return ()
        for block in (mapping(rule, "match"), mapping(rule, "exclude")):
            for entry in filters(block):
                resources = mapping(entry, "resources")
                kinds = [_bare(str(kind)) for kind in items(resources, "kinds")]
                if any(resources.get(name) for name in _UNFIT):
                    return ()
                if len(kinds) > 1 and "Pod" in kinds:
                    return ()
                needed = needed or not {"Pod", *ALL}.isdisjoint(kinds)
    if not needed:
        return ()
    asked = text(policy, "metadata", "annotations", CONTROLLERS_ANNOTATION)
    if not asked or asked == "all":
        return ALL
    words = {word.strip() for word in asked.split(",")}
    return tuple(kind for kind in ALL if kind in words)


def _bare(kind: str) -> str:
    """The kind without group and version."""
    return kind.rpartition("/")[2]


def _with_kinds(rule: Mapping[str, Any], kinds: tuple[str, ...]) -> dict[str, Any]:
    """The rule with these kinds in the place of Pod."""
    named = [f"batch/*/{kind}" if kind in ("Job", CRONJOB) else kind for kind in kinds]
    return {
        name: _block_with_kinds(mapping(rule, name), named)
        for name in ("match", "exclude")
        if mapping(rule, name)
    }


def _block_with_kinds(block: dict[str, Any], kinds: list[str]) -> dict[str, Any]:
    def changed(entry: Any) -> Any:
        stated = [_bare(str(kind)) for kind in items(mapping(entry, "resources"), "kinds")]
        if "Pod" not in stated:
            return entry
        return {**entry, "resources": {**entry["resources"], "kinds": kinds}}

    for name in ("any", "all"):
        if items(block, name):
            return {**block, name: [changed(entry) for entry in block[name]]}
    return dict(changed(block))
