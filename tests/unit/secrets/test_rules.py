from __future__ import annotations

from gitops_ci.model.rule import PREFIXES
from gitops_ci.secrets.rules import RULES


def test_every_rule_has_an_id_of_its_own_and_words() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert {rule.prefix for rule in RULES} == {"secret", "sops", "python"}
    assert all(rule.prefix in PREFIXES and rule.summary for rule in RULES)
