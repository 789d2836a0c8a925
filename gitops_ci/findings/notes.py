"""What the engine has to say about suppressions once all findings are judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from gitops_ci.findings import rules
from gitops_ci.findings.exceptions import end_note, is_active
from gitops_ci.findings.suppressing import Suppressing
from gitops_ci.findings.suppression import Suppression
from gitops_ci.model.finding import Finding, found


def notes_on(
    suppressing: Suppressing, today: date, ran: Callable[[str], bool] | None
) -> Iterator[Finding]:
    """The notes on suppressions that end, wait for approval, are not allowed, or are unused. `ran`
    tells which rules ran; None means that too little was looked at to call anything unused."""
    for item in suppressing.suppressions:
        note = end_note(item, today)
        if note is not None:
            yield note
        unused = ran is not None and ran(item.rule) and not suppressing.was_used(item)
        if unused and is_active(item, today):
            yield _unused(item)
    for item in suppressing.unapproved:
        yield _unapproved(item, suppressing.by_whom)
    for item in suppressing.refused:
        message = f"the ignore of {item.rule} does not count: secrets.allowInline is false"
        yield found(rules.IGNORE_NOT_ALLOWED, message, item.location, key=item.rule)


def _unused(item: Suppression) -> Finding:
    if item.kind == "exception":
        message = f"no finding of {item.rule} needs this exception"
        return found(rules.UNUSED_EXCEPTION, message, item.location, key=item.anchor)
    message = f"there is no finding of {item.rule} here to ignore"
    return found(rules.UNUSED_IGNORE, message, item.location, key=f"{item.rule} {item.anchor}")


def _unapproved(item: Suppression, by_whom: str) -> Finding:
    kind = "exception" if item.kind == "exception" else "ignore"
    message = f"this change adds an {kind} of {item.rule}; it counts once approved{by_whom}"
    return found(
        rules.UNAPPROVED_SUPPRESSION, message, item.location, key=f"{item.rule} {item.anchor}"
    )
