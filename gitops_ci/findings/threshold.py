"""From judged findings to a verdict and an exit code."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_ci.config.model import ValidateConfig
from gitops_ci.model import exits
from gitops_ci.model.report import Report, Status
from gitops_ci.model.severity import Severity
from gitops_ci.model.skip import Skip, SkipClass

NEVER = "never"


def blocks(severity: Severity, fail_on: str) -> bool:
    """Whether a finding of this severity blocks under `--fail-on`."""
    return fail_on != NEVER and severity >= Severity.of(fail_on)


def is_incomplete(skips: Iterable[Skip], validate: ValidateConfig) -> bool:
    """Whether something that had to be checked was not."""
    return any(_counts(skip, validate) for skip in skips)


def _counts(skip: Skip, validate: ValidateConfig) -> bool:
    if skip.klass is SkipClass.INCOMPLETE:
        return skip.reason not in validate.allow_incomplete
    return skip.klass is SkipClass.EXTERNAL and skip.reason in validate.require


_EXITS = {
    Status.PASS: exits.OK,
    Status.FAIL: exits.FINDINGS,
    Status.INCOMPLETE: exits.INCOMPLETE,
}


def exit_code(report: Report) -> int:
    """The exit code of a run that ended with this report."""
    return _EXITS[report.status]
