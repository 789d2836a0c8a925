"""Every rule of the tool, in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, partial

from gitops_ci.config.globs import rule_matches
from gitops_ci.findings.known_rules import KnownRules, LazyRules
from gitops_ci.model.rule import Rule


@cache
def fixed_rules() -> tuple[Rule, ...]:
    """The rules that always run. A rule folder's own RULES tuple is one line here; that of the
    secrets is long, and a run asks for it when there is something to name."""
    from gitops_ci.config import rules as config_rules
    from gitops_ci.documents import rules as document_rules
    from gitops_ci.findings import rules as finding_rules
    from gitops_ci.operate import rules as operate_rules
    from gitops_ci.policy import rules as policy_rules
    from gitops_ci.promote import rules as promote_rules
    from gitops_ci.promote.gates import rules as gate_rules
    from gitops_ci.render import rules as render_rules
    from gitops_ci.render.kustomize import rules as kustomize_rules
    from gitops_ci.secrets import rules as secret_rules
    from gitops_ci.steps import rules as step_rules
    from gitops_ci.validate import rules as validate_rules

    return (
        *document_rules.RULES,
        *config_rules.RULES,
        *finding_rules.RULES,
        *promote_rules.RULES,
        *operate_rules.RULES,
        *gate_rules.RULES,
        *render_rules.RULES,
        *kustomize_rules.RULES,
        *validate_rules.RULES,
        *secret_rules.RULES,
        *policy_rules.RULES,
        *step_rules.RULES,
    )


@cache
def every_rule() -> tuple[Rule, ...]:
    """Every rule, sorted by id: the fixed ones, and those of every pack, which are imported."""
    from gitops_ci.policy.choice import every_rule as of_packs

    rules = {*fixed_rules(), *of_packs()}
    return tuple(sorted(rules, key=lambda rule: rule.id))


KNOWN = KnownRules(LazyRules(every_rule))
"""The rules by id. Packs are imported only when somebody names a rule."""


def rules_that_ran(parts: Iterable[str], policies: frozenset[str]) -> Callable[[str], bool]:
    """Tells of a rule id whether the rule ran, given the parts of the check and the ids of the
    policy rules that did; of an engine's rules only a glob is known."""
    return partial(_ran, frozenset(parts), policies)


def _ran(parts: frozenset[str], policies: frozenset[str], rule_id: str) -> bool:
    if rule_id in policies or any(
        rule_matches(known, rule_id) for known in policies if "*" in known
    ):
        return True
    return any(rule_id in _ids_of(part) for part in parts)


@cache
def _ids_of(part: str) -> frozenset[str]:
    """The ids of the fixed rules that a part of the check looks at."""
    from gitops_ci.secrets.rules import RULES

    scanned = frozenset(rule.id for rule in RULES)
    if part == "secrets":
        return scanned
    checked = (rule.id for rule in fixed_rules() if rule.id not in scanned)
    return frozenset(checked if part == "validate" else ())
