"""Which rules run for the packs that a configuration names."""

from __future__ import annotations

import pytest

from gitops_ci.config.model_checks import PACKS as NAMES
from gitops_ci.policy.choice import Choice, choose, every_rule, packs_of_rules
from gitops_ci.policy.packs import PACKS, pack


def minors(choice: Choice) -> dict[str, tuple[int, ...]]:
    return {rule.RULE.id: found for rule, found in choice.pods}


def test_every_pack_of_the_configuration_has_rules_and_the_other_way_round() -> None:
    assert {item.name for item in PACKS} == set(NAMES)
    assert all(choose((name,), 37).ids for name in NAMES)


def test_a_name_that_is_no_pack() -> None:
    with pytest.raises(KeyError):
        pack("pss")


def test_packs_that_are_not_named_bring_nothing() -> None:
    choice = choose(("images",), 37)
    assert choice.ids
    assert {rule_id.partition("/")[0] for rule_id in choice.ids} == {"image"}
    assert not choose((), 37).ids


def test_a_pin_decides_the_version_and_the_run_does_without_one() -> None:
    assert minors(choose(("pss-baseline",), 33))["pss/privileged"] == (33,)
    assert minors(choose(("pss-baseline@v1.20",), 33))["pss/privileged"] == (20,)
    assert minors(choose(("pss-baseline@latest",), 33))["pss/sysctls"][0] > 100


def test_a_check_holds_from_the_version_in_which_it_came() -> None:
    assert "pss/host-probes" not in choose(("pss-baseline@v1.33",), 37).ids
    assert "pss/host-probes" in choose(("pss-baseline@v1.34",), 37).ids
    assert "pss/run-as-user" not in choose(("pss-restricted@v1.22",), 37).ids


def test_a_stricter_check_takes_the_place_of_the_one_that_it_replaces() -> None:
    strict = choose(("pss-restricted",), 37).ids
    assert "pss/restricted-volumes" in strict
    assert "pss/host-path" not in strict
    assert "pss/privileged" in strict
    early = choose(("pss-restricted@v1.21",), 37).ids
    assert "pss/capabilities" in early
    assert "pss/capabilities-restricted" not in early


def test_both_levels_hold_each_in_its_version() -> None:
    both = minors(choose(("pss-baseline@v1.28", "pss-restricted@v1.32"), 37))
    assert both["pss/sysctls"] == (28, 32)
    assert both["pss/host-path"] == (28,)
    assert both["pss/restricted-volumes"] == (32,)


def test_a_rule_may_belong_to_several_packs() -> None:
    packs = packs_of_rules()
    assert packs["pss/host-namespaces"] == ("pss-baseline", "pss-restricted", "network")
    assert packs["image/mutable-tag"] == ("images",)
    ids = [rule.id for rule in every_rule()]
    assert ids == sorted(set(ids))
    assert set(packs) == set(ids)
