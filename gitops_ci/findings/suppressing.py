"""Which suppression covers which finding, and which of them were needed."""

from __future__ import annotations

from datetime import date

from gitops_ci.config.model import Config
from gitops_ci.config.subjects import Subject
from gitops_ci.findings.exceptions import is_active
from gitops_ci.findings.suppression import Suppression
from gitops_ci.model.finding import Finding


class Suppressing:
    """Judges findings by the suppressions that count, and remembers which ones it needed.

    `refused` are comments on secrets where the config does not allow them.
    """

    def __init__(
        self,
        suppressions: tuple[Suppression, ...],
        unapproved: tuple[Suppression, ...],
        config: Config,
        today: date,
    ) -> None:
        allowed = config.secrets.allow_inline
        self.approvers = config.exceptions.approvers
        self.refused = tuple(s for s in suppressions if not allowed and _is_inline_secret(s))
        self.suppressions = tuple(s for s in suppressions if allowed or not _is_inline_secret(s))
        self.unapproved = unapproved
        self._used: set[int] = set()
        self._by_rule: dict[str, list[Suppression]] = {}
        self._pending: dict[str, list[Suppression]] = {}
        for item in self.suppressions:
            if is_active(item, today):
                self._by_rule.setdefault(item.rule, []).append(item)
        for item in unapproved:
            self._pending.setdefault(item.rule, []).append(item)

    def judge(self, finding: Finding, subject: Subject) -> tuple[str, str]:
        """Why the finding is suppressed (empty when it is not), and a hint to add to it."""
        rule_id = finding.rule.id
        hits = [s for s in self._by_rule.get(rule_id, ()) if s.scope.covers(finding, subject)]
        self._used.update(id(item) for item in hits)
        if hits:
            return hits[0].shown, ""
        waiting = [s for s in self._pending.get(rule_id, ()) if s.scope.covers(finding, subject)]
        self._used.update(id(item) for item in waiting)
        return "", f"an ignore of it awaits approval{self.by_whom}" if waiting else ""

    def was_used(self, suppression: Suppression) -> bool:
        """Whether any finding was covered by it."""
        return id(suppression) in self._used

    @property
    def by_whom(self) -> str:
        """Whose approval counts, as words; empty when nobody is named."""
        return f" by {', '.join(self.approvers)}" if self.approvers else ""


def _is_inline_secret(suppression: Suppression) -> bool:
    return suppression.kind == "comment" and suppression.rule.startswith("secret/")
