"""JUnit XML, as CI systems show it: a suite for each file, a case for each finding.

Findings that block are failures, paths that could not be checked are errors, other findings are
passed cases with their text as output. Structure: the XSD of Jenkins' xUnit plug-in (junit-4).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from gitops_ci.model.regex import regex
from gitops_ci.model.report import Judged, Report
from gitops_ci.model.skip import Skip, SkipClass
from gitops_ci.report.port import ReportContext
from gitops_ci.report.words import scope, subject

_FORBIDDEN = regex("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;"}
_SPECIAL = regex('[&<>"\t\n\r]|(?<=#)\\[|(?<=:):')


def render(report: Report, context: ReportContext) -> str:
    """The report as XML 1.0."""
    suites = [_overview(report, context)]
    findings = sorted((*report.shown, *report.existing), key=_place)
    for path, group in groupby(findings, key=lambda judged: judged.finding.location.path):
        suites.append(_suite(path, [_case(judged, context) for judged in group]))
    body = "\n".join(text for text, _, _ in suites)
    failures = sum(failed for _, failed, _ in suites)
    tests = sum(count for _, _, count in suites)
    errors = body.count("<error ")
    head = f'name="gitops-ci {attribute(context.command)}" tests="{tests}"'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites {head} failures="{failures}" errors="{errors}">\n{body}\n</testsuites>\n'
    )


def attribute(text: str) -> str:
    """`text` for an attribute or element: forbidden characters are spelled out, and what a runner
    takes for the beginning of a command is written as a character reference."""
    clean = _FORBIDDEN.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
    return _SPECIAL.sub(
        lambda match: _ENTITIES.get(match.group(), f"&#{ord(match.group())};"), clean
    )


def _overview(report: Report, context: ReportContext) -> tuple[str, int, int]:
    """The first suite: what was checked, as a passed case, so that no report is empty; and what
    was not."""
    name = attribute(scope(report, context) or "nothing was checked")
    cases = [f'  <testcase name="{name}" classname="gitops-ci"/>']
    cases += [text for skip in report.skipped for text in _skipped(skip)]
    return _suite("gitops-ci", cases)


def _skipped(skip: Skip) -> Iterator[str]:
    if skip.klass is SkipClass.SKIPPED:
        return
    why = attribute(f"{skip.reason}: {skip.detail}" if skip.detail else skip.reason)
    external = skip.klass is SkipClass.EXTERNAL
    inner = (
        f"<skipped>{why}</skipped>" if external else f'<error type="incomplete" message="{why}"/>'
    )
    name = attribute(skip.path or ".")
    yield f'  <testcase name="{name}" classname="{name}">{inner}</testcase>'


def _suite(name: str, cases: list[str]) -> tuple[str, int, int]:
    failures = sum("<failure " in case for case in cases)
    errors = sum("<error " in case for case in cases)
    head = f'name="{attribute(name)}" tests="{len(cases)}" failures="{failures}" errors="{errors}"'
    return "\n".join([f" <testsuite {head}>", *cases, " </testsuite>"]), failures, len(cases)


def _case(judged: Judged, context: ReportContext) -> str:
    finding = judged.finding
    location = finding.location
    name = attribute(f"{finding.rule.id} in line {location.line}")
    lines = [f"{location.path}:{location.line}: {finding.severity.word}: {finding.message}"]
    lines += [part for part in (finding.hint, subject(judged)) if part]
    lines += ["already there, not blocking"] if judged.existing else []
    text = attribute("\n".join(lines))
    if context.blocks(judged):
        message = attribute(finding.message)
        inner = f'<failure type="{finding.rule.id}" message="{message}">{text}</failure>'
    else:
        inner = f"<system-out>{text}</system-out>"
    return f'  <testcase name="{name}" classname="{attribute(location.path)}">{inner}</testcase>'


def _place(judged: Judged) -> tuple[str, int]:
    return judged.finding.location.path, judged.finding.location.line
