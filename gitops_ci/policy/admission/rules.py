"""Admission policies as rules: each has the name of its policy."""

from __future__ import annotations

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.admission.model import AdmissionPolicy
from gitops_ci.render.routes import text

_TITLE = "policies.kyverno.io/title"
_DESCRIPTION = "policies.kyverno.io/description"


def rule_of(policy: AdmissionPolicy) -> Rule:
    """The rule under which the verdicts of a policy are reported: it has the policy's name."""
    metadata = policy.object.value
    return Rule(
        rule_id(policy.name),
        text(metadata, "metadata", "annotations", _TITLE) or policy.title,
        max((clause.severity for clause in policy.clauses), default=Severity.ERROR),
        " ".join(text(metadata, "metadata", "annotations", _DESCRIPTION).split()),
    )


def rule_id(name: str) -> str:
    """The id for a policy of that name; what cannot stand in an id becomes a dash."""
    allowed = (letter if letter.isalnum() and letter.isascii() else "-" for letter in name.lower())
    return f"policy/{''.join(allowed)}"
