"""The report as Markdown: for a step summary, a comment, or a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from gitops_ci.model.report import Judged, Report, Status
from gitops_ci.model.severity import Severity
from gitops_ci.model.skip import Skip, SkipClass
from gitops_ci.output.budget import Section, fit
from gitops_ci.output.github_files import NOTICE, SUMMARY_BUDGET
from gitops_ci.output.markdown_text import code, prose
from gitops_ci.report.plural import plural
from gitops_ci.report.port import ReportContext
from gitops_ci.report.words import (
    by_reason,
    counted,
    related_places,
    severest,
    subject,
    verdict,
)

COMMENT_BUDGET = 60_000
"""Bytes of a comment: safely below the 65,536 characters that GitHub documents."""
MOST_ROWS = 40
MOST_RELATED = 3
_SIGNS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.NOTE: "ℹ️"}
_HEAD = "| line | severity | finding | rule |\n|---:|---|---|---|"


def render(report: Report, context: ReportContext) -> str:
    """The whole report within the budget of a step summary."""
    return fit(sections(report, context), SUMMARY_BUDGET, NOTICE)


def comment(report: Report, context: ReportContext) -> str:
    """The report within the budget of a comment."""
    return fit(sections(report, context), COMMENT_BUDGET, NOTICE)


def sections(report: Report, context: ReportContext) -> list[Section]:
    """The parts of the report. What matters least weighs least: first to go are the paths that
    were skipped, then what was already there, then the files with nothing but notes."""
    parts = [Section(_head(report, context), weight=100)]
    parts += [Section(prose(remark), weight=90) for remark in report.remarks]
    incomplete = _incomplete(report.skipped)
    if incomplete:
        parts.append(Section(incomplete, weight=80))
    files = groupby(report.shown, key=lambda judged: judged.finding.location.path)
    for path, group in files:
        items = list(group)
        weight = 10 + max(judged.finding.severity for judged in items)
        parts.append(Section(_file(path, items, context), weight))
    if report.existing:
        parts.append(Section(_existing(report.existing, context), weight=5))
    if report.skipped:
        parts.append(Section(_skipped(report.skipped), weight=1))
    return parts


def _head(report: Report, context: ReportContext) -> str:
    judgement = verdict(report, context)
    outcome = "merge blocked" if report.status is not Status.PASS else "nothing blocks"
    lines = [
        f"## {judgement.sign} gitops-ci {prose(context.command)}: {outcome}",
        "",
        prose(" · ".join(part for part in (judgement.headline, judgement.scope) if part)),
    ]
    rules = Counter(
        (judged.finding.severity, judged.finding.rule.id, judged.finding.rule.summary)
        for judged in report.shown
    )
    if len(rules) > 1:
        lines += ["", "| severity | rule | findings |", "|---|---|---:|"]
        ranked = sorted(rules.items(), key=lambda item: (-item[0][0], -item[1], item[0][1]))
        for (severity, rule, _), count in ranked[:MOST_ROWS]:
            lines.append(f"| {_SIGNS[severity]} {severity.word} | {code(rule)} | {count} |")
    return "\n".join(lines)


def _file(path: str, items: list[Judged], context: ReportContext) -> str:
    kept, left = severest(items, MOST_ROWS)
    lines = [f"### {code(path)}", "", _HEAD, *_rows(kept, context)]
    if left:
        lines += ["", f"… and {counted(left)} more in this file"]
    return "\n".join(lines)


def _rows(items: Iterable[Judged], context: ReportContext) -> Iterator[str]:
    for judged in items:
        finding = judged.finding
        what = "<br>".join(_cell(judged))
        rule = _linked(code(finding.rule.id), finding.rule.url)
        sign = f"{_SIGNS[finding.severity]} {finding.severity.word}"
        line = _line(judged, context)
        yield f"| {line} | {sign} | {what} | {rule} |"


def _cell(judged: Judged) -> Iterator[str]:
    finding = judged.finding
    yield from map(prose, (finding.message or finding.rule.summary).splitlines())
    if finding.hint:
        yield f"💡 {prose(finding.hint)}"
    about = subject(judged)
    if about:
        yield f"<sub>{prose(about)}</sub>"
    for message, places, more in related_places(finding, MOST_RELATED):
        rest = f" and {more} more" if more else ""
        yield f"<sub>{prose(message)}: {', '.join(map(code, places))}{rest}</sub>"


def _line(judged: Judged, context: ReportContext) -> str:
    location = judged.finding.location
    return _linked(str(location.line), context.link(location.path, location.line))


def _linked(text: str, address: str) -> str:
    """A link, if there is an address and it is one that a browser should open."""
    plain = address.replace("#", "").isascii() and not set(address) & set("<>\"'()\\|` \t\r\n")
    if not plain or not address.startswith(("https://", "http://")):
        return text
    return f'<a href="{address.replace("&", "&amp;")}">{text}</a>'


def _existing(items: tuple[Judged, ...], context: ReportContext) -> str:
    lines = ["| place | severity | finding | rule |", "|---|---|---|---|"]
    kept, left = severest(items, MOST_ROWS)
    for judged in kept:
        finding = judged.finding
        place = f"{finding.location.path}:{finding.location.line}"
        shown = _linked(code(place), context.link(finding.location.path, finding.location.line))
        message = prose(finding.message or finding.rule.summary)
        rule = code(finding.rule.id)
        lines.append(f"| {shown} | {finding.severity.word} | {message} | {rule} |")
    if left:
        lines += ["", f"… and {counted(left)} more"]
    return _collapsed(f"Already there, not blocking: {counted(items)}", lines)


def _incomplete(skipped: tuple[Skip, ...]) -> str:
    items = [skip for skip in skipped if skip.klass is SkipClass.INCOMPLETE]
    if not items:
        return ""
    lines = ["### Could not be checked", "", "| path | reason |", "|---|---|"]
    for skip in items[:MOST_ROWS]:
        why = f"{skip.reason}: {skip.detail}" if skip.detail else skip.reason
        lines.append(f"| {code(skip.path or '.')} | {prose(why)} |")
    if len(items) > MOST_ROWS:
        lines += ["", f"… and {len(items) - MOST_ROWS} more"]
    return "\n".join(lines)


def _skipped(skipped: tuple[Skip, ...]) -> str:
    lines = ["| reason | class | paths |", "|---|---|---:|"]
    for klass, reasons in by_reason(skipped).items():
        lines += [f"| {reason} | {klass.value} | {count} |" for reason, count in reasons.items()]
    return _collapsed(f"Not checked as manifests: {plural(len(skipped), 'path')}", lines)


def _collapsed(title: str, lines: list[str]) -> str:
    body = "\n".join(lines)
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"
