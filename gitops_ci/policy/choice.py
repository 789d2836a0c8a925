"""The packs that a configuration names to the rules that run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from gitops_ci.model.rule import Rule
from gitops_ci.policy.packs import PACKS, Pack, pack
from gitops_ci.policy.shapes import (
    EstateRule,
    FileRule,
    ObjectRule,
    PodRule,
    SetRule,
    estate_rule,
    file_rule,
    object_rule,
    pod_rule,
    set_rule,
)

_ALWAYS = 10**6
"""A minor version in which every check holds."""


class Choice(Struct, frozen=True):
    """The rules that run, by shape; each pod rule with the minor versions that it holds to."""

    objects: tuple[ObjectRule, ...]
    together: tuple[SetRule, ...]
    across: tuple[EstateRule, ...]
    pods: tuple[tuple[PodRule, tuple[int, ...]], ...]
    files: tuple[FileRule, ...] = ()

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the rules."""
        rules = [rule.RULE for rule in self.objects]
        rules += [rule.RULE for rule in self.together]
        rules += [rule.RULE for rule in self.across]
        rules += [rule.RULE for rule, _ in self.pods]
        rules += [rule.RULE for rule in self.files]
        return frozenset(rule.id for rule in rules)


def choose(names: Iterable[str], newest: int) -> Choice:
    """The rules of the packs; `newest` is the minor version of Kubernetes for packs that are not
    pinned by `@v1.NN` or `@latest`. Raises KeyError for a name that is no pack's."""
    chosen = [(pack(name.partition("@")[0]), _minor(name, newest)) for name in names]
    packs = list(dict.fromkeys(item for item, _ in chosen))
    return Choice(
        tuple(object_rule(item.folder, word) for item in packs for word in item.objects),
        tuple(set_rule(item.folder, word) for item in packs for word in item.together),
        tuple(estate_rule(item.folder, word) for item in packs for word in item.across),
        _of_pods(chosen),
        tuple(file_rule(item.folder, word) for item in packs for word in item.files),
    )


def _minor(name: str, newest: int) -> int:
    _, at, version = name.partition("@")
    if version == "latest":
        return _ALWAYS
    return int(version.rpartition(".")[2]) if at else newest


def _of_pods(chosen: list[tuple[Pack, int]]) -> tuple[tuple[PodRule, tuple[int, ...]], ...]:
    """Each pod rule with its versions. Where two packs ask for the same rule, a stricter rule that
    replaces it does so for the pack that includes it alone."""
    versions: dict[str, set[int]] = {}
    rules: dict[str, PodRule] = {}
    for item, minor in chosen:
        for rule in _standing([*_with_included(item)], minor):
            rules[rule.RULE.id] = rule
            versions.setdefault(rule.RULE.id, set()).add(minor)
    return tuple((rules[name], tuple(sorted(minors))) for name, minors in versions.items())


def _with_included(item: Pack) -> Iterator[PodRule]:
    if item.includes:
        yield from _with_included(pack(item.includes))
    for word in item.pods:
        yield pod_rule(item.folder, word)


def _standing(rules: list[PodRule], minor: int) -> Iterator[PodRule]:
    """The rules that hold in a version, without those that a stricter one replaces there."""
    held = [rule for rule in rules if minor >= rule.SINCE]
    replaced = {rule.REPLACES for rule in held}
    return (rule for rule in held if rule.RULE.id not in replaced)


def every_rule() -> tuple[Rule, ...]:
    """Every rule of every pack, each once, sorted by id."""
    rules: dict[str, Rule] = {}
    for item in PACKS:
        found = [object_rule(item.folder, word).RULE for word in item.objects]
        found += [set_rule(item.folder, word).RULE for word in item.together]
        found += [estate_rule(item.folder, word).RULE for word in item.across]
        found += [pod_rule(item.folder, word).RULE for word in item.pods]
        found += [file_rule(item.folder, word).RULE for word in item.files]
        rules.update((rule.id, rule) for rule in found)
    return tuple(rules[rule_id] for rule_id in sorted(rules))


def packs_of_rules() -> dict[str, tuple[str, ...]]:
    """The names of the packs in which each rule runs, by its id."""
    result: dict[str, tuple[str, ...]] = {}
    for item in PACKS:
        for rule_id in sorted(choose((item.name,), _ALWAYS).ids):
            result[rule_id] = (*result.get(rule_id, ()), item.name)
    return result
