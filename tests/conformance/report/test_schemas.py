"""Reports against the schemas that their readers publish."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft4Validator, Draft7Validator

from gitops_ci.model.report import Report
from gitops_ci.report import codequality, junit, sarif
from gitops_ci.report.gl_security import SAST, SECRET, SecurityReport
from tests.support.tools import require_corpora, require_schema
from tests.unit.report.samples import (
    CONTEXT,
    EMPTY,
    GREEN,
    INCOMPLETE,
    PLAIN_SECRET,
    USUAL,
    hostile,
    many,
)
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
SECRETS = {**REPORTS, "more-than-a-reader-takes": many(25_001, (PLAIN_SECRET,))}


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


def own(name: str, definition: str = "") -> Draft7Validator:
    """A schema beside this file, or one of its definitions: no package carries GitLab's."""
    schema = json.loads(Path(__file__).with_name(name).read_text("utf-8"))
    return Draft7Validator(
        {**schema, "$ref": f"#/definitions/{definition}"} if definition else schema
    )


@pytest.mark.full
@pytest.mark.parametrize("name", REPORTS)
def test_code_quality(name: str) -> None:
    issues = json.loads(codequality.render(REPORTS[name], CONTEXT))
    assert [error.message for error in own("code-quality.schema.json").iter_errors(issues)] == []
    report = REPORTS[name]
    assert len(issues) == len(report.shown) + len(report.existing)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


@pytest.mark.full
@pytest.mark.parametrize(
    ("form", "reports"), [(SAST, REPORTS), (SECRET, SECRETS)], ids=["sast", "secret_detection"]
)
@pytest.mark.parametrize("name", REPORTS)
def test_gitlab_security(form: SecurityReport, reports: dict[str, Report], name: str) -> None:
    report = json.loads(form.render(reports[name], CONTEXT))
    validator = own("gitlab-security.schema.json", form.type)
    assert [error.message for error in validator.iter_errors(report)] == []


def test_the_schemas_of_gitlab_refuse_what_gitlab_refuses() -> None:
    report = json.loads(SECRET.render(SECRETS["usual"], CONTEXT))
    (found,) = report["vulnerabilities"]
    del found["location"]["commit"]
    report["scan"]["end_time"] += "Z"
    assert (
        len(list(own("gitlab-security.schema.json", "secret_detection").iter_errors(report))) == 2
    )
    issues = json.loads(codequality.render(USUAL, CONTEXT))
    issues[0]["location"]["path"] = "./a.yaml"
    issues[1]["severity"] = "error"
    assert len(list(own("code-quality.schema.json").iter_errors(issues))) == 2
