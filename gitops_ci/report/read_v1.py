"""A saved JSON report, version 1, back to a Report. The file is untrusted: an artifact that any
workflow may have written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from gitops_ci.documents.text import Lines, decode
from gitops_ci.model.edit import Edit, Fix
from gitops_ci.model.finding import Finding, ObjectRef, Related
from gitops_ci.model.report import Checked, Judged, Report, Status
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.model.skip import REASONS, Skip
from gitops_ci.model.span import Location, Span

MOST_BYTES = 64 * 2**20
_LONGEST = 20_000
_MOST_LINE = 10_000_000


class ReportError(ValueError):
    """The bytes are no report of version 1; the message says why."""


def read(data: bytes) -> Report:
    """The report. Raises ReportError. What the JSON does not hold (suppressed findings, offsets of
    edits) is left out; fixes are only told, never applied."""
    if len(data) > MOST_BYTES:
        raise ReportError("the report is larger than 64 MiB")
    try:
        value = json.loads(data)
        return _report(value)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise ReportError(f"this is no report of version 1: {type(error).__name__}") from error


def relocated(report: Report, source: Callable[[str], bytes | None]) -> Report:
    """The report with the offsets of its fixes found again in the files that `source` gives; a fix
    that does not fit there is dropped."""

    def with_fix(judged: Judged) -> Judged:
        fix = judged.finding.fix
        if fix is None:
            return judged
        edits = tuple(_placed(edit, source(edit.path)) for edit in fix.edits)
        known = tuple(edit for edit in edits if edit is not None)
        whole = Fix(fix.title, known, fix.safe) if len(known) == len(edits) else None
        return replace(judged, finding=replace(judged.finding, fix=whole))

    return replace(report, shown=tuple(map(with_fix, report.shown)))


def _placed(edit: Edit, data: bytes | None) -> Edit | None:
    try:
        lines = Lines(decode(data or b""))
    except UnicodeDecodeError:
        return None
    span = edit.span
    start = lines.offset(span.line, span.column)
    end = lines.offset(span.end_line, span.end_column)
    found = lines.span(start, end)
    if replace(found, start=0, end=0) != replace(span, start=0, end=0):
        return None
    return Edit(edit.path, found, lines.text[start:end], edit.text)


def _report(value: dict[str, Any]) -> Report:
    if value["version"] != 1:
        raise ReportError(f"version {value['version']!r} is not known")
    summary = value["summary"]
    rules = {rule.id: rule for rule in map(_rule, _list(value.get("rules", [])))}
    judged = [_judged(item, rules) for item in _list(value["findings"])]
    checked = {name: _whole(summary["checked"][name]) for name in Checked.__struct_fields__}
    return Report(
        Status(value["status"]),
        tuple(item for item in judged if not item.existing),
        tuple(item for item in judged if item.existing),
        (),
        tuple(_skips(_list(summary["skipped"]))),
        Checked(**checked),
    )


def _skips(items: list[dict[str, Any]]) -> Iterator[Skip]:
    for item in items:
        if item["reason"] in REASONS:
            yield Skip(_text(item["path"]), item["reason"], _text(item["detail"]))


def _rule(item: dict[str, Any]) -> Rule:
    """A rule as the report tells of it; what is no address of the web is no link."""
    texts = (_text(item[name]) for name in ("summary", "rationale", "url"))
    summary, rationale, url = texts
    return Rule(
        _text(item["id"]),
        summary,
        Severity.of(item["severity"]),
        rationale,
        url if url.startswith(("https://", "http://")) else "",
    )


def _judged(item: dict[str, Any], rules: Mapping[str, Rule]) -> Judged:
    severity = Severity.of(item["severity"])
    rule = _text(item["rule"])
    path = _path(item["path"])
    finding = Finding(
        rules.get(rule) or Rule(rule, "", severity),
        _text(item["message"]),
        Location(path, _span(item)),
        severity,
        object=_object(item.get("object")),
        root=_text(item.get("root") or ""),
        environment=_text(item.get("environment") or ""),
        hint=_text(item.get("hint") or ""),
        related=tuple(_related(one) for one in item.get("related") or ()),
        fix=_fix(item.get("fix")),
    )
    print_ = _text(item["fingerprint"])
    if not print_.isascii() or not print_.isalnum():
        raise ReportError("a fingerprint holds letters and digits")
    return Judged(finding, print_, item["existing"] is True)


def _fix(value: dict[str, Any] | None) -> Fix | None:
    if value is None:
        return None
    edits = tuple(
        Edit(_path(one["path"]), _span(one), "", _text(one["text"])) for one in value["edits"]
    )
    return Fix(_text(value["title"]), edits, value["safe"] is True)


def _related(value: dict[str, Any]) -> Related:
    line = _line(value["line"])
    return Related(
        Location(_path(value["path"]), Span(0, 0, line, 1, line, 1)), _text(value["message"])
    )


def _object(value: dict[str, Any] | None) -> ObjectRef | None:
    if value is None:
        return None
    names = ("group", "version", "kind", "namespace", "name")
    return ObjectRef(*(_text(value[name]) for name in names))


def _span(value: dict[str, Any]) -> Span:
    """Lines and columns; the offsets are not in the report."""
    numbers = (_line(value[name]) for name in ("line", "column", "end_line", "end_column"))
    return Span(0, 0, *numbers)


def _line(value: Any) -> int:
    number = _whole(value)
    if not 1 <= number <= _MOST_LINE:
        raise ReportError("a line or column is out of range")
    return number


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ReportError("a list is none")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ReportError("a number is not whole")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise ReportError("a text is none, or longer than 20,000 characters")
    return value


def _path(value: Any) -> str:
    path = _text(value)
    if path.startswith("/") or ".." in path.split("/"):
        raise ReportError("a path leads out of the repository")
    return path
