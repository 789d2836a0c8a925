"""Every rule of the tool, in one visible tuple."""

from __future__ import annotations

from gitops_ci.config import rules as config_rules
from gitops_ci.documents import rules as document_rules
from gitops_ci.findings import rules as finding_rules
from gitops_ci.model.rule import Rule
from gitops_ci.promote import rules as promote_rules
from gitops_ci.render import rules as render_rules
from gitops_ci.render.kustomize import rules as kustomize_rules
from gitops_ci.secrets import rules as secret_rules
from gitops_ci.steps import rules as step_rules
from gitops_ci.validate import rules as validate_rules

RULES: tuple[Rule, ...] = tuple(
    sorted(
        {
            *document_rules.RULES,
            *config_rules.RULES,
            *finding_rules.RULES,
            *promote_rules.RULES,
            *render_rules.RULES,
            *kustomize_rules.RULES,
            *validate_rules.RULES,
            *secret_rules.RULES,
            *step_rules.RULES,
        },
        key=lambda rule: rule.id,
    )
)
"""Sorted by id. A rule folder's own RULES tuple is one line here."""
