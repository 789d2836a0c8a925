"""GitLab's security reports: secrets in one, everything else in the other.

Source: the security report schemas of GitLab, version 15.2.1. Times carry neither zone nor
fraction there. The text of a secret is never part of it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct

from gitops_ci.model.report import Judged, Report, Status
from gitops_ci.model.severity import Severity
from gitops_ci.report.identity import with_unique_ids
from gitops_ci.report.json_v1 import dump
from gitops_ci.report.port import ReportContext

VERSION = "15.2.1"
_SECRET_PREFIXES = frozenset({"secret", "sops"})
_SEVERITIES = {Severity.ERROR: "High", Severity.WARNING: "Medium", Severity.NOTE: "Info"}
_LONGEST_NAME = 255
_LONGEST_DESCRIPTION = 1_048_576
_LONGEST_SOLUTION = 7000
_NO_COMMIT = "0" * 7


class SecurityReport(Struct, frozen=True):
    """One of the two reports; `type` is GitLab's word for it."""

    type: str
    secrets: bool

    def render(self, report: Report, context: ReportContext) -> str:
        """The report as one JSON object."""
        mine = [
            judged
            for judged in (*report.shown, *report.existing)
            if (judged.finding.rule.prefix in _SECRET_PREFIXES) is self.secrets
        ]
        rows = ",\n".join(
            "  " + dump(self._vulnerability(identity, judged))
            for identity, judged in with_unique_ids(mine)
        )
        found = f"[\n{rows}\n ]" if rows else "[]"
        scan = dump(self._scan(report, context))
        return f'{{\n "version": "{VERSION}",\n "scan": {scan},\n "vulnerabilities": {found}\n}}\n'

    def _scan(self, report: Report, context: ReportContext) -> dict[str, Any]:
        tool = {
            "id": "gitops-ci",
            "name": "gitops-ci",
            "version": context.version,
            "vendor": {"name": "gitops-ci"},
        }
        complete = report.status is not Status.INCOMPLETE
        end = context.started + timedelta(seconds=context.seconds or 0)
        return {
            "analyzer": tool,
            "scanner": tool,
            "start_time": _time(context.started),
            "end_time": _time(end),
            "status": "success" if complete else "failure",
            "type": self.type,
        }

    def _vulnerability(self, identity: str, judged: Judged) -> dict[str, Any]:
        finding = judged.finding
        rule = finding.rule
        span = finding.location.span
        location: dict[str, Any] = {
            "file": finding.location.path,
            "start_line": finding.location.line,
            "end_line": span.end_line if span else finding.location.line,
        }
        if self.secrets:
            location["commit"] = {"sha": _NO_COMMIT}
        identifier = {"type": "gitops_ci_rule", "name": rule.id, "value": rule.id}
        entry = {
            "id": identity,
            "name": (rule.summary or rule.id)[:_LONGEST_NAME],
            "description": (finding.message or rule.summary or rule.id)[:_LONGEST_DESCRIPTION],
            "severity": _SEVERITIES[finding.severity],
            "identifiers": [{**identifier, "url": rule.url} if rule.url else identifier],
            "location": location,
        }
        return {**entry, "solution": finding.hint[:_LONGEST_SOLUTION]} if finding.hint else entry


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


SAST = SecurityReport("sast", secrets=False)
SECRET = SecurityReport("secret_detection", secrets=True)
