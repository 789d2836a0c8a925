"""The JSON report against its published schema."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from gitops_ci.model.report import Report
from gitops_ci.report.json_v1 import render
from gitops_ci.report.schema import report_schema
from tests.unit.report.samples import CONTEXT, EMPTY, GREEN, INCOMPLETE, USUAL, hostile, many
from tests.unit.report.test_formats import HOSTILE

SCHEMA = json.loads(report_schema())
VALIDATOR = Draft202012Validator(SCHEMA)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("report", [USUAL, GREEN, EMPTY, INCOMPLETE, many(300)])
def test_reports_are_valid(report: Report) -> None:
    VALIDATOR.validate(json.loads(render(report, CONTEXT)))


@given(HOSTILE)
def test_hostile_reports_are_valid(text: str) -> None:
    VALIDATOR.validate(json.loads(render(hostile(text), CONTEXT)))


@pytest.mark.parametrize(
    ("way", "value"),
    [
        (("status",), "passed"),
        (("version",), 2),
        (("findings", 0, "line"), 0),
        (("findings", 0, "severity"), "info"),
        (("findings", 0, "object"), "Deployment"),
        (("summary", "skipped", 0, "class"), "green"),
        (("summary", "errors"), -1),
    ],
)
def test_the_schema_is_strict(way: tuple[str | int, ...], value: object) -> None:
    data: Any = json.loads(render(USUAL, CONTEXT))
    parent = data
    for step in way[:-1]:
        parent = parent[step]
    parent[way[-1]] = value
    assert not VALIDATOR.is_valid(data)


def test_counts_and_order() -> None:
    data = json.loads(render(USUAL, CONTEXT))
    assert data["summary"]["errors"] == 3
    assert data["summary"]["existing"] == 1
    assert data["summary"]["suppressed"] == 1
    places = [(finding["path"], finding["line"]) for finding in data["findings"]]
    assert places == sorted(places)
    assert [finding["existing"] for finding in data["findings"]].count(True) == 1


def test_the_rules_of_the_findings_stand_once() -> None:
    data = json.loads(render(USUAL, CONTEXT))
    ids = [rule["id"] for rule in data["rules"]]
    assert ids == sorted({finding["rule"] for finding in data["findings"]})
    assert json.loads(render(GREEN, CONTEXT))["rules"] == []


def test_each_finding_stands_on_a_line_of_its_own() -> None:
    lines = render(many(50), CONTEXT).splitlines()
    assert sum(line.startswith('  {"rule": ') for line in lines) == 50
