from __future__ import annotations

from types import ModuleType

import pytest

from gitops_ci.config import rules as config_rules
from gitops_ci.config.load import load
from gitops_ci.findings import rules as finding_rules
from gitops_ci.findings.engine import Inputs, judge
from gitops_ci.findings.inline import ignores_in
from gitops_ci.findings.known_rules import KnownRules, check_rule_ids
from gitops_ci.model.rule import PREFIXES, Rule
from tests.unit.findings.build import HOST_PATH, KNOWN, MUTABLE, NOW, config, fault

RENAMED = KnownRules(
    {HOST_PATH.id: HOST_PATH, MUTABLE.id: MUTABLE}, {"pss/hostpath-volume": HOST_PATH.id}
)


@pytest.mark.parametrize("module", [config_rules, finding_rules])
def test_every_rule_is_listed_once_under_its_prefix(module: ModuleType) -> None:
    written = [value for value in vars(module).values() if isinstance(value, Rule)]
    assert sorted(written, key=lambda rule: rule.id) == sorted(
        module.RULES, key=lambda rule: rule.id
    )
    assert len({rule.id for rule in module.RULES}) == len(module.RULES)
    assert {rule.prefix for rule in module.RULES} == {"config"}
    assert "config" in PREFIXES
    assert all(rule.summary for rule in module.RULES)


def test_the_two_tables_share_no_id() -> None:
    assert not {r.id for r in config_rules.RULES} & {r.id for r in finding_rules.RULES}


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("policy: {rules: {pss/host-pth: error}}", 1, "did you mean 'pss/host-path'?"),
        ("policy:\n  rules:\n    host-path: error", 3, "did you mean 'pss/host-path'?"),
        ("policy: {rules: {rbac/*: error}}", 1, "rules list"),
        ("overrides: [{match: {},\n rules: {xyz/abc: off}}]", 2, "rules list"),
    ],
)
def test_unknown_ids_in_the_config_are_found(text: str, line: int, hint: str) -> None:
    (found,) = check_rule_ids(load({".gitops-ci.yaml": text.encode()}.get), KNOWN)
    assert (found.rule.id, found.location.line) == ("config/unknown-rule", line)
    assert hint in found.hint


@pytest.mark.parametrize(
    "rule_id", ["pss/host-path", "pss/*", "*", "policy/anything-of-ours", "image/mutable-*"]
)
def test_known_ids_are_not(rule_id: str) -> None:
    text = f"policy: {{rules: {{'{rule_id}': error}}}}"
    assert check_rule_ids(load({".gitops-ci.yaml": text.encode()}.get), KNOWN) == ()


def test_without_a_list_of_rules_every_id_is_taken_as_known() -> None:
    assert KnownRules().knows("any/thing")


def test_a_former_id_keeps_working_everywhere() -> None:
    settings = config("policy: {rules: {pss/hostpath-volume: off}}")
    assert judge([fault()], Inputs(NOW, settings, RENAMED)).shown == ()
    text = b"a: 1 # gitops-ci: ignore pss/hostpath-volume needed\n"
    collected = ignores_in("apps/web.yaml", text, RENAMED)
    inputs = Inputs(NOW, known=RENAMED, suppressions=collected.suppressions)
    assert judge([fault(line=1)], inputs).shown == ()
