"""SARIF 2.1.0 (OASIS standard), within the limits of GitHub's code scanning.

Limits: docs.github.com, "SARIF support for code scanning": 25,000 results in a run, and every
result needs a location with a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any
from urllib.parse import quote

from gitops_ci.model.edit import Edit, Fix
from gitops_ci.model.finding import Related
from gitops_ci.model.report import Judged, Report, Status
from gitops_ci.model.rule import Rule
from gitops_ci.model.skip import Skip, SkipClass
from gitops_ci.model.span import Location, Span
from gitops_ci.report.excerpt import holds_secret
from gitops_ci.report.json_v1 import dump
from gitops_ci.report.line_hash import line_hashes
from gitops_ci.report.port import ReportContext
from gitops_ci.report.words import severest

MOST_RESULTS = 25_000
SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_BASE = "SRCROOT"

Json = dict[str, Any]


def render(report: Report, context: ReportContext) -> str:
    """One log with one run; each result on a line of its own."""
    suppressed = report.suppressed if context.with_suppressed else ()
    kept, cut = severest((*report.shown, *report.existing, *suppressed), MOST_RESULTS)
    rules = {judged.finding.rule.id: judged.finding.rule for judged in kept}
    index = {rule: number for number, rule in enumerate(sorted(rules))}
    hashes = _hasher(context.source)
    run = {
        "tool": {"driver": _driver([rules[rule] for rule in index], context)},
        "automationDetails": {"id": f"gitops-ci/{context.command}/"},
        "originalUriBaseIds": {_BASE: {"description": {"text": "the root of the repository"}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, len(cut))],
    }
    head = ",\n".join(f"   {dump(key)}: {dump(value)}" for key, value in run.items())
    rows = ",\n".join("    " + dump(_result(judged, index, hashes)) for judged in kept)
    results = f"[\n{rows}\n   ]" if rows else "[]"
    return (
        f'{{\n "$schema": {dump(SCHEMA)},\n "version": "2.1.0",\n "runs": [\n  {{\n'
        f'{head},\n   "results": {results}\n  }}\n ]\n}}\n'
    )


def uri(path: str) -> str:
    """A path of the repository as a relative reference (RFC 3986)."""
    return quote(path.encode("utf-8", "surrogateescape"), safe="/-._~!$&'()*+,;=@") or "."


def _driver(rules: list[Rule], context: ReportContext) -> Json:
    return {
        "name": "gitops-ci",
        "semanticVersion": context.version,
        "rules": [_rule(rule) for rule in rules],
    }


def _rule(rule: Rule) -> Json:
    summary = rule.summary or rule.id
    help_text = rule.rationale or summary
    entry: Json = {
        "id": rule.id,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": help_text},
        "help": {"text": help_text, "markdown": help_text},
        "defaultConfiguration": {"level": rule.severity.word},
        "properties": {"tags": [rule.prefix]},
    }
    return {**entry, "helpUri": rule.url} if rule.url else entry


def _invocation(report: Report, cut: int) -> Json:
    notes = [
        _notice("error", f"not checked: {skip.reason} {skip.detail}".strip(), skip)
        for skip in report.skipped
        if skip.klass is SkipClass.INCOMPLETE
    ]
    if cut:
        text = f"{cut:,} findings were left out: a run holds at most {MOST_RESULTS:,} results"
        notes.append(_notice("warning", text))
    complete = report.status is not Status.INCOMPLETE
    return {"executionSuccessful": complete, "toolExecutionNotifications": notes}


def _notice(level: str, text: str, skip: Skip | None = None) -> Json:
    notice: Json = {"level": level, "message": {"text": text}}
    if skip is not None and skip.path:
        notice["locations"] = [{"physicalLocation": {"artifactLocation": _artifact(skip.path)}}]
    return notice


def _result(
    judged: Judged, index: dict[str, int], hashes: Callable[[str, int], str | None]
) -> Json:
    finding = judged.finding
    parts = [finding.message or finding.rule.summary or finding.rule.id, finding.hint]
    result: Json = {
        "ruleId": finding.rule.id,
        "ruleIndex": index[finding.rule.id],
        "level": finding.severity.word,
        "message": {"text": "\n".join(part for part in parts if part)},
        "locations": [_primary(judged)],
        "partialFingerprints": {"gitopsCi/v1": judged.fingerprint},
    }
    secret = holds_secret(finding)  # a short line can be worked out from its hash
    line_hash = None if secret else hashes(finding.location.path, finding.location.line)
    if line_hash:
        result["partialFingerprints"]["primaryLocationLineHash"] = line_hash
    if finding.related:
        result["relatedLocations"] = list(_related(finding.related))
    if judged.existing:
        result["baselineState"] = "unchanged"
    if judged.suppressed:
        result["suppressions"] = [{"kind": "external", "justification": judged.suppressed}]
    if finding.fix and finding.fix.edits:
        result["fixes"] = [_fix(finding.fix)]
    properties = {"root": finding.root, "environment": finding.environment}
    known = {key: value for key, value in properties.items() if value}
    return {**result, "properties": known} if known else result


def _primary(judged: Judged) -> Json:
    finding = judged.finding
    location: Json = {"physicalLocation": _physical(finding.location)}
    if finding.object is not None and str(finding.object).strip():
        name = f"{finding.object.api_version} {finding.object}".strip()
        location["logicalLocations"] = [{"fullyQualifiedName": name, "kind": "object"}]
    return location


def _related(items: Iterable[Related]) -> Iterator[Json]:
    for number, item in enumerate(items):
        yield {
            "id": number,
            "physicalLocation": _physical(item.location),
            "message": {"text": item.message or "related"},
        }


def _physical(location: Location) -> Json:
    region = _region(location.span) if location.span else {"startLine": 1}
    return {"artifactLocation": _artifact(location.path), "region": region}


def _artifact(path: str) -> Json:
    return {"uri": uri(path), "uriBaseId": _BASE}


def _region(span: Span) -> Json:
    return {
        "startLine": max(span.line, 1),
        "startColumn": max(span.column, 1),
        "endLine": max(span.end_line, span.line, 1),
        "endColumn": max(span.end_column, 1),
    }


def _fix(fix: Fix) -> Json:
    changes: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        changes.setdefault(edit.path, []).append(edit)
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(path),
                "replacements": [
                    {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
                    for edit in edits
                ],
            }
            for path, edits in changes.items()
        ],
    }


def _hasher(source: Callable[[str], bytes | None]) -> Callable[[str, int], str | None]:
    @cache
    def hashes(path: str) -> list[str]:
        data = source(path)
        return [] if data is None else line_hashes(data)

    def of(path: str, line: int) -> str | None:
        known = hashes(path)
        return known[line - 1] if 0 < line <= len(known) else None

    return of
