"""GitLab's Code Quality report.

Source: docs.gitlab.com, "Code Quality report format". GitLab compares the report with the one of
the target branch, so findings that are already there are part of it.
"""

from __future__ import annotations

from typing import Any

from gitops_ci.model.report import Judged, Report
from gitops_ci.model.severity import Severity
from gitops_ci.report.identity import with_unique_ids
from gitops_ci.report.json_v1 import dump
from gitops_ci.report.port import ReportContext

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


def render(report: Report, _context: ReportContext) -> str:
    """The findings as one JSON array, each on a line of its own."""
    items = with_unique_ids((*report.shown, *report.existing))
    rows = ",\n".join(" " + dump(_issue(fingerprint, judged)) for fingerprint, judged in items)
    return f"[\n{rows}\n]\n" if rows else "[]\n"


def _issue(fingerprint: str, judged: Judged) -> dict[str, Any]:
    finding = judged.finding
    text = finding.message or finding.rule.summary or finding.rule.id
    location = finding.location
    last = location.span.end_line if location.span else location.line
    return {
        "description": f"{text} ({finding.hint})" if finding.hint else text,
        "check_name": finding.rule.id,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": location.path, "lines": {"begin": location.line, "end": last}},
    }
