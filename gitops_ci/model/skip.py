"""Why something was not checked. Nothing is passed over without one of these."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class SkipClass(Enum):
    """What a reason means for the verdict."""

    SKIPPED = "skipped"
    """Rightly not checked as a manifest; green."""
    EXTERNAL = "external"
    """Lies outside the repository; counted, green unless `validate.require` names it."""
    INCOMPLETE = "incomplete"
    """Ought to have been checked; exit 3 unless `validate.allowIncomplete` names it."""


REASONS: dict[str, SkipClass] = {
    "helm-template": SkipClass.SKIPPED,
    "values": SkipClass.SKIPPED,
    "patch": SkipClass.SKIPPED,
    "component": SkipClass.SKIPPED,
    "base": SkipClass.SKIPPED,
    "ci-file": SkipClass.SKIPPED,
    "encrypted": SkipClass.SKIPPED,
    "binary": SkipClass.SKIPPED,
    "ignored": SkipClass.SKIPPED,
    "not-yaml": SkipClass.SKIPPED,
    "remote-base": SkipClass.EXTERNAL,
    "remote-chart": SkipClass.EXTERNAL,
    "other-repository": SkipClass.EXTERNAL,
    "generator": SkipClass.EXTERNAL,
    "plugin": SkipClass.EXTERNAL,
    "too-large": SkipClass.INCOMPLETE,
    "missing-tool": SkipClass.INCOMPLETE,
    "unreadable": SkipClass.INCOMPLETE,
    "unrenderable": SkipClass.INCOMPLETE,
    "timeout": SkipClass.INCOMPLETE,
}
"""The closed list of reasons and the class of each."""


@dataclass(frozen=True, slots=True)
class Skip:
    """A file or root that was not checked: its path, a reason of REASONS, and a person's words."""

    path: str
    reason: str
    detail: str = ""

    @property
    def klass(self) -> SkipClass:
        """The class of the reason."""
        return REASONS[self.reason]
