"""Kyverno's PolicyException: objects that rules are not asked about.

https://kyverno.io/docs/guides/exceptions/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from gitops_ci.config.globs import PatternError, name_matches
from gitops_ci.policy.admission.kyverno_match import matcher
from gitops_ci.policy.admission.model import AdmissionPolicy, Clause, Matcher, Unknown
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.routes import items, mapping, text

KIND = "PolicyException"
GROUPS = ("kyverno.io", "policies.kyverno.io")
_CONDITIONS = Unknown("a PolicyException has conditions of its own")


def exempted(
    policies: Iterable[AdmissionPolicy], exceptions: Iterable[RenderedObject]
) -> tuple[AdmissionPolicy, ...]:
    """The policies with what the exceptions take out of their rules."""
    known = [thing.value for thing in exceptions]
    return tuple(_with(policy, known) for policy in policies) if known else tuple(policies)


def _with(policy: AdmissionPolicy, exceptions: list[dict[str, Any]]) -> AdmissionPolicy:
    def clause(item: Clause) -> Clause:
        found = tuple(
            made for value in exceptions if (made := _exemption(policy, item.name, value))
        )
        return replace(item, exemptions=found) if found else item

    return replace(policy, clauses=tuple(map(clause, policy.clauses)))


def _exemption(policy: AdmissionPolicy, rule: str, value: Mapping[str, Any]) -> Matcher | None:
    """Which objects the exception frees from the rule; None when it is about another rule."""
    spec = mapping(value, "spec")
    for entry in items(spec, "policyRefs"):
        if text(entry, "name") == policy.name and text(entry, "kind") in ("", policy.kind):
            return _always if not items(spec, "matchConditions") else _by_condition
    names = {policy.name, f"{policy.namespace}/{policy.name}"}
    for entry in items(spec, "exceptions"):
        if text(entry, "policyName") not in names:
            continue
        if any(_fits(str(pattern), rule) for pattern in items(entry, "ruleNames")):
            return matcher({"match": mapping(spec, "match")})
    return None


def _always(_admission: object) -> bool:
    return True


def _by_condition(_admission: object) -> Unknown:
    return _CONDITIONS


def _fits(pattern: str, rule: str) -> bool:
    try:
        return pattern == rule or name_matches(pattern, rule)
    except PatternError:
        return False
