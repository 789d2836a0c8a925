"""What the engine itself finds: about suppressions and their files."""

from __future__ import annotations

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity

UNUSED_EXCEPTION = Rule(
    "config/unused-exception",
    "An exception that nothing needs",
    Severity.NOTE,
    "An exception that outlives its cause will hide the next fault of that kind.",
)
EXCEPTION_ENDS_SOON = Rule(
    "config/exception-ends-soon", "An exception that expires within 14 days", Severity.NOTE
)
EXCEPTION_EXPIRED = Rule(
    "config/exception-expired",
    "An exception that has expired, so that its finding is back",
    Severity.NOTE,
)
UNUSED_IGNORE = Rule(
    "config/unused-ignore",
    "An ignore that nothing needs",
    Severity.NOTE,
    "An ignore that outlives its cause will hide the next fault of that kind.",
)
IGNORE_WITHOUT_REASON = Rule(
    "config/ignore-without-reason",
    "An ignore that gives no reason, and therefore does not count",
    Severity.WARNING,
    "Whoever reads the line later has to be able to judge whether it still holds.",
)
IGNORE_NOT_ALLOWED = Rule(
    "config/ignore-not-allowed",
    "An ignore of a kind that the configuration does not allow",
    Severity.WARNING,
)
UNKNOWN_IGNORE = Rule(
    "config/unknown-ignore", "An ignore of a rule that does not exist", Severity.WARNING
)
UNAPPROVED_SUPPRESSION = Rule(
    "config/unapproved-suppression",
    "A suppression that the change itself adds and nobody has approved",
    Severity.NOTE,
    "A change must not be able to wave itself through.",
)
BROKEN_BASELINE = Rule("config/broken-baseline", "A baseline that cannot be read", Severity.ERROR)
BASELINE_ENDS_SOON = Rule(
    "config/baseline-ends-soon", "Entries of a baseline that expire within 14 days", Severity.NOTE
)
BASELINE_EXPIRED = Rule(
    "config/baseline-expired",
    "Entries of a baseline that have expired, so that their findings are back",
    Severity.NOTE,
)

RULES = (
    UNUSED_EXCEPTION,
    EXCEPTION_ENDS_SOON,
    EXCEPTION_EXPIRED,
    UNUSED_IGNORE,
    IGNORE_WITHOUT_REASON,
    IGNORE_NOT_ALLOWED,
    UNKNOWN_IGNORE,
    UNAPPROVED_SUPPRESSION,
    BROKEN_BASELINE,
    BASELINE_ENDS_SOON,
    BASELINE_EXPIRED,
)
