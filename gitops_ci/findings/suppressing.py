"""Which suppression covers which finding, and which of them were needed."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date

from gitops_ci.config.model import Config
from gitops_ci.config.subjects import Subject
from gitops_ci.findings.exceptions import is_active
from gitops_ci.findings.suppression import Suppression, places_of
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
        self._active = _Index(item for item in self.suppressions if is_active(item, today))
        self._pending = _Index(unapproved)

    def judge(self, finding: Finding, subject: Subject) -> tuple[str, str]:
        """Why the finding is suppressed (empty when it is not), and a hint to add to it."""
        hits = self._active.covering(finding, subject)
        self._used.update(id(item) for item in hits)
        if hits:
            return hits[0].shown, ""
        waiting = self._pending.covering(finding, subject)
        self._used.update(id(item) for item in waiting)
        return "", f"an ignore of it awaits approval{self.by_whom}" if waiting else ""

    def was_used(self, suppression: Suppression) -> bool:
        """Whether any finding was covered by it."""
        return id(suppression) in self._used

    @property
    def by_whom(self) -> str:
        """Whose approval counts, as words; empty when nobody is named."""
        return f" by {', '.join(self.approvers)}" if self.approvers else ""


class _Index:
    """Finds the suppressions that cover a finding without trying those of other places."""

    def __init__(self, suppressions: Iterable[Suppression]) -> None:
        self._items: dict[tuple[str, Hashable], list[Suppression]] = {}
        for item in suppressions:
            self._items.setdefault((item.rule, item.scope.place), []).append(item)

    def covering(self, finding: Finding, subject: Subject) -> list[Suppression]:
        """Those that cover the finding, exceptions first."""
        if not self._items:
            return []
        return [
            item
            for place in places_of(finding)
            for item in self._items.get((finding.rule.id, place), ())
            if item.scope.covers(finding, subject)
        ]


def _is_inline_secret(suppression: Suppression) -> bool:
    return suppression.kind == "comment" and suppression.rule.startswith("secret/")
