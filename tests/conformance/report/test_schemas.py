"""Reports against the schemas that their readers publish."""

from __future__ import annotations

import json
import os
import pwd
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from gitops_ci.model.report import Report
from gitops_ci.report import junit, sarif
from tests.support.tools import absent, require_corpora
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
}
GO_SARIF = "github.com/owenrumney/go-sarif/v3@v3.2.0/pkg/report/v210/sarif/schema.go"


def sarif_schema() -> Any:
    """The schema of SARIF 2.1.0 as the Go module go-sarif carries it, from the module cache
    (`go mod download github.com/owenrumney/go-sarif/v3@v3.2.0`)."""
    home = Path(pwd.getpwuid(os.getuid()).pw_dir)  # the tests' own home is empty
    modules = Path(os.environ.get("GOPATH") or home / "go") / "pkg" / "mod"
    path = Path(os.environ.get("GOMODCACHE") or modules) / GO_SARIF
    if not path.is_file():
        absent("the Go module cache does not hold go-sarif v3.2.0")
    text = path.read_text("utf-8")
    return json.loads(text[text.index("`") + 1 : text.rindex("`")])


@pytest.mark.full
@pytest.mark.parametrize("name", REPORTS)
def test_sarif(name: str) -> None:
    validator = Draft4Validator(sarif_schema())
    log = json.loads(sarif.render(REPORTS[name], CONTEXT))
    assert [error.message for error in validator.iter_errors(log)] == []


@pytest.mark.full
@pytest.mark.parametrize("name", REPORTS)
def test_junit(name: str) -> None:
    xmlschema = pytest.importorskip("xmlschema")
    schema = xmlschema.XMLSchema(str(require_corpora("kubeconform", "fixtures", "junit.xsd")))
    report: Report = REPORTS[name]
    assert [str(error) for error in schema.iter_errors(junit.render(report, CONTEXT))] == []
