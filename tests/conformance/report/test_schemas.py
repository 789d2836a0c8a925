"""Reports against the schemas that their readers publish."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft4Validator

from gitops_ci.model.report import Report
from gitops_ci.report import junit, sarif
from tests.support.tools import require_corpora, require_schema
from tests.unit.report.samples import CONTEXT, EMPTY, GREEN, INCOMPLETE, USUAL, hostile, many
from tests.unit.report.test_formats import TOKENS

REPORTS = {
    "usual": USUAL,
    "green": GREEN,
    "empty": EMPTY,
    "incomplete": INCOMPLETE,
    "hostile": hostile("".join(TOKENS)),
    "nothing": hostile(""),
    "many": many(500),
    "more-than-a-reader-takes": many(25_001),
}


@pytest.mark.full
@pytest.mark.parametrize("name", REPORTS)
def test_sarif(name: str) -> None:
    schema = json.loads(require_schema("sarif-2.1.0.json").read_text("utf-8"))
    validator = Draft4Validator(schema)
    log = json.loads(sarif.render(REPORTS[name], CONTEXT))
    assert [error.message for error in validator.iter_errors(log)] == []


@pytest.mark.full
@pytest.mark.parametrize("name", REPORTS)
def test_junit(name: str) -> None:
    xmlschema = pytest.importorskip("xmlschema")
    schema = xmlschema.XMLSchema(str(require_corpora("kubeconform", "fixtures", "junit.xsd")))
    report: Report = REPORTS[name]
    assert [str(error) for error in schema.iter_errors(junit.render(report, CONTEXT))] == []
