from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gitops_ci.model.report import Report, Status
from gitops_ci.report import json_v1
from gitops_ci.report.merge import merged
from gitops_ci.report.port import ReportContext
from gitops_ci.report.read_v1 import ReportError, read, relocated
from tests.unit.report.samples import FILES, USUAL


def saved(report: Report) -> bytes:
    return json_v1.render(report, ReportContext()).encode()


def numbered(report: Report) -> Report:
    """The report with fingerprints as the engine makes them."""
    shown = tuple(
        replace(item, fingerprint=f"{number:032x}") for number, item in enumerate(report.shown)
    )
    existing = tuple(
        replace(item, fingerprint=f"{number + 500:032x}")
        for number, item in enumerate(report.existing)
    )
    return replace(report, shown=shown, existing=existing)


def test_what_is_read_says_the_same_again() -> None:
    first = saved(numbered(USUAL))
    again = saved(read(first))
    told, before = json.loads(again), json.loads(first)
    for document in (told, before):
        document["summary"].pop("suppressed")
    assert told == before


def test_what_is_known_of_a_rule_is_kept() -> None:
    report = numbered(USUAL)
    before = {item.finding.rule for item in (*report.shown, *report.existing)}
    again = read(saved(report))
    assert {item.finding.rule for item in (*again.shown, *again.existing)} == before
    assert any(rule.rationale and rule.url for rule in before)


def test_a_report_without_rules_is_read() -> None:
    document = broken()
    del document["rules"]
    assert {item.finding.rule.summary for item in read(json.dumps(document).encode()).shown} == {""}


def test_a_rule_of_two_reports_is_told_alike() -> None:
    report = numbered(USUAL)
    whole = merged([read(saved(report)), read(saved(report))])
    told = json.loads(saved(whole))["rules"]
    assert told == json.loads(saved(report))["rules"]


def test_fixes_are_found_again_in_the_files_or_dropped() -> None:
    report = numbered(USUAL)
    known = relocated(read(saved(report)), FILES.get)
    fixes = {item.fingerprint: item.finding.fix for item in report.shown if item.finding.fix}
    assert fixes
    assert {item.fingerprint: item.finding.fix for item in known.shown if item.finding.fix} == fixes
    gone = relocated(read(saved(report)), lambda _path: b"short\n")
    assert not [item for item in gone.shown if item.finding.fix]


def broken() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(saved(numbered(USUAL)))
    return document


BAD: dict[str, Any] = {
    "another version": {"version": 2},
    "no status": {"status": "fine"},
    "findings of another type": {"findings": {}},
    "a summary of another type": {"summary": []},
}
BAD_FINDINGS: dict[str, Any] = {
    "a path that leads out": {"path": "../../etc/passwd"},
    "an absolute path": {"path": "/etc/passwd"},
    "a line of zero": {"line": 0},
    "a line that is a text": {"line": "7"},
    "a huge line": {"line": 10**12},
    "an odd severity": {"severity": "fatal"},
    "a mark in a fingerprint": {"fingerprint": "-->"},
    "a message that is none": {"message": 7},
    "a message without end": {"message": "x" * 20_001},
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_report_is_refused(case: str) -> None:
    with pytest.raises(ReportError):
        read(json.dumps({**broken(), **BAD[case]}).encode())


BAD_RULES: dict[str, Any] = {
    "a summary that is none": {"summary": 7},
    "an odd severity": {"severity": "fatal"},
    "a rationale without end": {"rationale": "x" * 20_001},
}


@pytest.mark.parametrize("case", BAD_RULES)
def test_a_bad_rule_is_refused(case: str) -> None:
    document = broken()
    document["rules"][0] |= BAD_RULES[case]
    with pytest.raises(ReportError):
        read(json.dumps(document).encode())


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//x.example", ""])
def test_only_addresses_of_the_web_are_links(url: str) -> None:
    document = broken()
    for rule in document["rules"]:
        rule["url"] = url
    shown = read(json.dumps(document).encode()).shown
    assert {item.finding.rule.url for item in shown} == {""}


@pytest.mark.parametrize("case", BAD_FINDINGS)
def test_a_bad_finding_is_refused(case: str) -> None:
    document = broken()
    document["findings"][0] |= BAD_FINDINGS[case]
    with pytest.raises(ReportError):
        read(json.dumps(document).encode())


@given(st.binary(max_size=40) | st.text(max_size=40).map(str.encode))
def test_any_bytes_are_a_report_or_refused(data: bytes) -> None:
    with pytest.raises(ReportError):
        read(data)


def test_depth_is_refused() -> None:
    with pytest.raises(ReportError):
        read(b"[" * 100_000)


class TestMerge:
    def test_the_worst_status_stands(self) -> None:
        kinds = {status: Report(status) for status in Status}
        assert merged([kinds[Status.PASS], kinds[Status.FAIL]]).status is Status.FAIL
        assert merged(list(kinds.values())).status is Status.INCOMPLETE
        assert merged([kinds[Status.PASS]]).status is Status.PASS

    def test_nothing_is_not_green(self) -> None:
        assert merged([]).status is Status.INCOMPLETE

    def test_each_finding_stands_once(self) -> None:
        report = numbered(USUAL)
        whole = merged([report, report])
        assert len(whole.shown) == len(report.shown)
        assert whole.checked == report.checked
