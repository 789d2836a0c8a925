"""JUnit and GitLab's formats."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from gitops_ci.model.finding import found
from gitops_ci.model.report import Report, Status
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Location
from gitops_ci.report import codequality, junit
from gitops_ci.report.formats import FORMATS, reporter
from gitops_ci.report.gl_security import SAST, SECRET
from gitops_ci.report.port import ReportContext
from tests.unit.report.samples import (
    CONTEXT,
    GREEN,
    INCOMPLETE,
    UNKNOWN,
    USUAL,
    hostile,
    judged,
    many,
)


def failures(context: ReportContext) -> list[str | None]:
    root = ET.fromstring(junit.render(USUAL, context))
    return [case.get("type") for case in root.iter("failure")]


@pytest.mark.parametrize(
    ("context", "count"),
    [
        (CONTEXT, 3),
        (replace(CONTEXT, fail_on=Severity.WARNING), 4),
        (replace(CONTEXT, fail_on=Severity.WARNING, fail_on_existing=True), 5),
        (replace(CONTEXT, fail_on=None), 0),
    ],
)
def test_only_what_blocks_is_a_failure(context: ReportContext, count: int) -> None:
    assert len(failures(context)) == count


def test_a_green_report_has_a_passed_case() -> None:
    root = ET.fromstring(junit.render(GREEN, CONTEXT))
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("1", "0", "0")


def test_paths_that_could_not_be_checked_are_errors() -> None:
    root = ET.fromstring(junit.render(INCOMPLETE, CONTEXT))
    assert [case.get("message") for case in root.iter("error")] == [
        "too-large: 52 MB",
        "missing-tool: helm",
    ]


@pytest.mark.parametrize("char", ["\x00", "\x1b", "\ufffe", "\udc80", "\x0b", "\x7f"])
def test_characters_that_xml_forbids_are_spelled_out(char: str) -> None:
    root = ET.fromstring(junit.render(hostile(f"a{char}b"), CONTEXT))
    messages = [case.get("message") for case in root.iter("failure")]
    assert messages == [f"a\\u{ord(char):04x}b"]


def test_line_ends_and_tabs_survive_in_attributes() -> None:
    root = ET.fromstring(junit.render(hostile("a\n\tb\r]]>"), CONTEXT))
    assert [case.get("message") for case in root.iter("failure")] == ["a\n\tb\r]]>"]


def test_counts_of_suites_add_up() -> None:
    root = ET.fromstring(junit.render(many(500), CONTEXT))
    for attribute in ("tests", "failures", "errors"):
        total = sum(int(suite.get(attribute, "")) for suite in root.iter("testsuite"))
        assert root.get(attribute) == str(total)


def test_equal_findings_have_fingerprints_of_their_own() -> None:
    same = judged(found(UNKNOWN, "m", Location("./a.yaml".removeprefix("./"))))
    report = Report(Status.FAIL, (same, same), (replace(same, existing=True),))
    issues = json.loads(codequality.render(report, CONTEXT))
    assert len({issue["fingerprint"] for issue in issues}) == 3
    vulnerabilities = json.loads(SAST.render(report, CONTEXT))["vulnerabilities"]
    assert len({item["id"] for item in vulnerabilities}) == 3


def test_code_quality_fields() -> None:
    issues = json.loads(codequality.render(USUAL, CONTEXT))
    assert {issue["severity"] for issue in issues} == {"critical", "major", "info"}
    assert all(issue["location"]["lines"]["begin"] >= 1 for issue in issues)
    assert not any(issue["location"]["path"].startswith(("./", "/")) for issue in issues)
    assert codequality.render(GREEN, CONTEXT) == "[]\n"


def test_every_finding_is_in_one_of_the_two_security_reports() -> None:
    sast = json.loads(SAST.render(USUAL, CONTEXT))["vulnerabilities"]
    secret = json.loads(SECRET.render(USUAL, CONTEXT))["vulnerabilities"]
    assert len(sast) == 5
    assert [item["identifiers"][0]["value"] for item in secret] == ["secret/plain"]
    assert secret[0]["location"]["commit"]["sha"]


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_no_report_begins_with_a_byte_order_mark(form: str) -> None:
    assert not reporter(form).render(hostile("\ufeffx"), CONTEXT).startswith("\ufeff")


def test_times_have_neither_zone_nor_fraction() -> None:
    started = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
    scan = json.loads(SAST.render(USUAL, replace(CONTEXT, started=started, seconds=61.5)))["scan"]
    assert (scan["start_time"], scan["end_time"]) == ("2026-01-02T03:04:05", "2026-01-02T03:05:06")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", scan["end_time"])


@pytest.mark.parametrize(("report", "status"), [(USUAL, "success"), (INCOMPLETE, "failure")])
def test_an_incomplete_scan_has_failed(report: Report, status: str) -> None:
    assert json.loads(SAST.render(report, CONTEXT))["scan"]["status"] == status


def test_long_texts_are_cut_to_the_limits_of_the_format() -> None:
    rule = replace(UNKNOWN, summary="s" * 300)
    finding = found(rule, "m" * 2_000_000, Location("a"), hint="h" * 8000)
    report = Report(Status.FAIL, (judged(finding),))
    (item,) = json.loads(SAST.render(report, CONTEXT))["vulnerabilities"]
    lengths = [len(item[name]) for name in ("name", "solution", "description")]
    assert lengths == [255, 7000, 1_048_576]
