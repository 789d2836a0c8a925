"""What a finding weighs: what the check says, what `policy.rules` says, what overrides say."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from gitops_ci.config.globs import deciding
from gitops_ci.config.model import Config
from gitops_ci.config.model_checks import OBSERVE
from gitops_ci.config.subjects import Subject, override_matches
from gitops_ci.findings.known_rules import KnownRules
from gitops_ci.model.finding import Finding
from gitops_ci.model.severity import Severity


class Weight(Struct, frozen=True):
    """The settled severity. `observed` findings never block. `off` names the setting that switched
    the rule off, and is empty otherwise."""

    severity: Severity
    observed: bool = False
    off: str = ""


_Settings = Mapping[str, Severity | None]


class Severities:
    """Settles severities by one config. The last override that matches wins."""

    def __init__(self, config: Config, known: KnownRules) -> None:
        self._known = known
        self._policy = self._renamed(config.policy.rules)
        self._overrides = [
            (item.match, self._renamed(item.rules), item.mode) for item in config.overrides
        ]

    def _renamed(self, settings: _Settings) -> _Settings:
        return {self._known.canonical(rule_id): word for rule_id, word in settings.items()}

    def of(self, finding: Finding, subject: Subject) -> Weight:
        """The weight of a finding, starting from what its check gave it."""
        rule_id, severity = finding.rule.id, finding.severity
        result: Severity | None = severity
        place = ""
        hit = deciding(self._policy, rule_id)
        if hit is not None:
            result, place = self._policy[hit], "policy.rules"
        observed = False
        for index, (match, settings, mode) in enumerate(self._overrides):
            if not override_matches(match, subject):
                continue
            hit = deciding(settings, rule_id)
            if hit is not None:
                result, place = settings[hit], f"overrides[{index}]"
            observed = mode == OBSERVE if mode else observed
        if result is None:
            return Weight(severity, observed, off=place)
        return Weight(result, observed)
