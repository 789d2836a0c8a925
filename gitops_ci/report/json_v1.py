"""The JSON report, version 1. Its shape is an interface: fields are added, never changed.

Each finding stands on a line of its own, as does each of their rules;
`data/report-v1.schema.json` describes the whole.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from gitops_ci.model.edit import Edit, Fix
from gitops_ci.model.finding import ObjectRef, Related
from gitops_ci.model.report import Judged, Report
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.model.skip import Skip
from gitops_ci.model.span import Location, Span
from gitops_ci.report.port import ReportContext

VERSION = 1


def render(report: Report, context: ReportContext) -> str:
    """The report as one JSON object in ASCII."""
    parts = {
        "version": VERSION,
        "tool": {"name": "gitops-ci", "version": context.version},
        "status": report.status.value,
        "summary": _summary(report),
    }
    head = ",\n".join(f" {dump(key)}: {dump(value)}" for key, value in parts.items())
    judged = sorted((*report.shown, *report.existing), key=_place)
    rules = {item.finding.rule.id: item.finding.rule for item in reversed(judged)}
    known = _lines(_rule(rules[name]) for name in sorted(rules))
    findings = _lines(map(finding_value, judged))
    return f'{{\n{head},\n "rules": {known},\n "findings": {findings}\n}}\n'


def _lines(values: Iterable[dict[str, Any]]) -> str:
    rows = ",\n".join("  " + dump(value) for value in values)
    return f"[\n{rows}\n ]" if rows else "[]"


def _rule(rule: Rule) -> dict[str, str]:
    return {
        "id": rule.id,
        "severity": rule.severity.word,
        "summary": rule.summary,
        "rationale": rule.rationale,
        "url": rule.url,
    }


def dump(value: object) -> str:
    """`value` as JSON on one line; no part of it can be read as a command by a runner."""
    return json.dumps(value, separators=(", ", ": ")).replace("##[", "#\\u0023[")


def finding_value(judged: Judged) -> dict[str, Any]:
    """One finding as the report holds it."""
    finding = judged.finding
    return {
        "rule": finding.rule.id,
        "severity": finding.severity.word,
        "message": finding.message,
        "hint": finding.hint,
        "path": finding.location.path,
        **_range(finding.location.span),
        "object": _object(finding.object),
        "root": finding.root,
        "environment": finding.environment,
        "existing": judged.existing,
        "related": [_related(item) for item in finding.related],
        "fix": _fix(finding.fix),
        "fingerprint": judged.fingerprint,
    }


def _summary(report: Report) -> dict[str, Any]:
    counts = Counter(judged.finding.severity for judged in report.shown)
    checked = report.checked
    return {
        "errors": counts[Severity.ERROR],
        "warnings": counts[Severity.WARNING],
        "notes": counts[Severity.NOTE],
        "existing": len(report.existing),
        "suppressed": len(report.suppressed),
        "checked": {
            "files": checked.files,
            "documents": checked.documents,
            "roots": checked.roots,
            "objects": checked.objects,
            "bytes": checked.bytes,
        },
        "skipped": [_skip(skip) for skip in report.skipped],
    }


def _skip(skip: Skip) -> dict[str, str]:
    return {
        "path": skip.path,
        "reason": skip.reason,
        "class": skip.klass.value,
        "detail": skip.detail,
    }


def _range(span: Span | None) -> dict[str, int]:
    """The lines and columns of a span; the beginning of the file when only that is known."""
    if span is None:
        return {"line": 1, "column": 1, "end_line": 1, "end_column": 1}
    return {
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def _object(ref: ObjectRef | None) -> dict[str, str] | None:
    if ref is None:
        return None
    return {
        "group": ref.group,
        "version": ref.version,
        "kind": ref.kind,
        "namespace": ref.namespace,
        "name": ref.name,
    }


def _related(related: Related) -> dict[str, Any]:
    location = related.location
    return {"path": location.path, "line": location.line, "message": related.message}


def _fix(fix: Fix | None) -> dict[str, Any] | None:
    if fix is None:
        return None
    return {"title": fix.title, "safe": fix.safe, "edits": [_edit(edit) for edit in fix.edits]}


def _edit(edit: Edit) -> dict[str, Any]:
    return {"path": edit.path, **_range(edit.span), "text": edit.text}


def _place(judged: Judged) -> tuple[str, int, int]:
    location: Location = judged.finding.location
    return (location.path, location.line, location.span.column if location.span else 0)
