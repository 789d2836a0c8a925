"""SARIF as code scanning wants it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gitops_ci.model.finding import found
from gitops_ci.model.report import Report, Status
from gitops_ci.model.span import Location, Span
from gitops_ci.report.port import ReportContext
from gitops_ci.report.sarif import MOST_RESULTS, render, uri
from tests.unit.report.samples import CONTEXT, INCOMPLETE, UNKNOWN, USUAL, hostile, judged, many


def run_of(report: Report, context: ReportContext = CONTEXT) -> Any:
    log = json.loads(render(report, context))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    return run


@pytest.mark.parametrize("report", [USUAL, hostile(""), hostile("\x00"), many(50)])
def test_every_result_has_what_code_scanning_requires(report: Report) -> None:
    run = run_of(report)
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted(set(rules))
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["message"]["text"]
        (location,) = result["locations"]
        assert location["physicalLocation"]["region"]["startLine"] >= 1
        assert location["physicalLocation"]["artifactLocation"]["uriBaseId"] == "SRCROOT"
        assert result["partialFingerprints"]["gitopsCi/v1"]


def test_rules_explain_themselves() -> None:
    rule = run_of(USUAL)["tool"]["driver"]["rules"][2]
    assert rule["id"] == "schema/unknown-field"
    assert rule["helpUri"] == UNKNOWN.url
    assert rule["help"]["text"] == UNKNOWN.rationale
    assert rule["defaultConfiguration"] == {"level": "error"}


def test_a_line_hash_only_where_there_is_source_and_no_secret() -> None:
    results = run_of(USUAL)["results"]
    hashed = {result["ruleId"] for result in results if len(result["partialFingerprints"]) == 2}
    assert hashed == {"image/mutable-tag", "yaml/ambiguous-scalar", "schema/unknown-field"}


def test_what_was_already_there_is_unchanged() -> None:
    states = [result.get("baselineState") for result in run_of(USUAL)["results"]]
    assert states.count("unchanged") == 1


@pytest.mark.parametrize(("wanted", "count"), [(False, 0), (True, 1)])
def test_suppressed_findings_only_on_request(wanted: bool, count: int) -> None:
    results = run_of(USUAL, replace(CONTEXT, with_suppressed=wanted))["results"]
    marked = [result["suppressions"] for result in results if "suppressions" in result]
    assert marked == [[{"kind": "external", "justification": "accepted: ops"}]] * count


def test_an_incomplete_run_says_so() -> None:
    (invocation,) = run_of(INCOMPLETE)["invocations"]
    assert invocation["executionSuccessful"] is False
    texts = [note["message"]["text"] for note in invocation["toolExecutionNotifications"]]
    assert texts == ["not checked: too-large 52 MB", "not checked: missing-tool helm"]


def test_more_than_a_run_may_hold() -> None:
    run = run_of(many(MOST_RESULTS + 1))
    assert len(run["results"]) == MOST_RESULTS
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith("1 findings were left out")
    levels = [result["level"] for result in run["results"]]
    assert levels.count("error") == 8333
    assert levels.count("note") == 8333


def test_the_category_names_the_command() -> None:
    names = {
        run_of(USUAL, replace(CONTEXT, command=name))["automationDetails"]["id"]
        for name in ("check", "secrets")
    }
    assert names == {"gitops-ci/check/", "gitops-ci/secrets/"}


def test_a_span_at_the_edge_keeps_its_numbers_above_zero() -> None:
    finding = found(UNKNOWN, "m", Location("a", Span(0, 0, 0, 0, 0, 0)))
    run = run_of(Report(Status.FAIL, (judged(finding),)))
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert set(region.values()) == {1}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/b.yaml", "a/b.yaml"),
        ("a b/ü.yaml", "a%20b/%C3%BC.yaml"),
        ("c:d%20#?.yaml", "c%3Ad%2520%23%3F.yaml"),
        ("bad-\udcff.yaml", "bad-%FF.yaml"),
        ("", "."),
    ],
)
def test_uris(path: str, expected: str) -> None:
    assert uri(path) == expected


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_uris_are_relative_and_can_be_undone(path: str) -> None:
    encoded = uri(path)
    assert encoded.isascii()
    assert ":" not in encoded
    assert unquote(encoded) == path
