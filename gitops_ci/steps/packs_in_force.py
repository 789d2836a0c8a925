"""Which packs run where: those of `policy.packs`, or those of the last override that matches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_ci.config.model import Config
from gitops_ci.config.subjects import Subject, Subjects, override_matches
from gitops_ci.model.finding import Finding


def chosen_packs(config: Config) -> tuple[str, ...]:
    """Every pack that runs anywhere, with the pins of `policy.packs`."""
    pinned = {_name(pack) for pack in config.policy.packs}
    further = (pack for item in config.overrides for pack in item.packs or ())
    return (*config.policy.packs, *dict.fromkeys(pack for pack in further if pack not in pinned))


def in_force(findings: Iterable[Finding], config: Config) -> Iterator[Finding]:
    """The findings of rules whose pack runs where they are."""
    if all(item.packs is None for item in config.overrides):
        yield from findings
        return
    from gitops_ci.policy.choice import packs_of_rules

    packs, subjects = packs_of_rules(), Subjects(config)
    for finding in findings:
        own = packs.get(finding.rule.id, ())
        if not own or not _packs_at(subjects.of(finding), config).isdisjoint(own):
            yield finding


def _packs_at(subject: Subject, config: Config) -> frozenset[str]:
    packs: Iterable[str] = config.policy.packs
    for item in config.overrides:
        if item.packs is not None and override_matches(item.match, subject):
            packs = item.packs
    return frozenset(_name(pack) for pack in packs)


def _name(pack: str) -> str:
    return pack.partition("@")[0]
