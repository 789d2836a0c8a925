"""Whole reports for people, compared with files. UPDATE_SNAPSHOTS=1 writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from gitops_ci.model.report import Report
from gitops_ci.output.colour import Palette
from gitops_ci.report.formats import reporter
from gitops_ci.report.port import ReportContext
from tests.unit.report.samples import CONTEXT, EMPTY, GREEN, INCOMPLETE, USUAL, many

SNAPSHOTS = Path(__file__).parent / "snapshots"
UPDATE = "UPDATE_SNAPSHOTS"

COLOURED = replace(CONTEXT, palette=Palette(on=True))
NARROW = replace(CONTEXT, columns=44)

CASES = [
    ("usual.txt", "text", USUAL, CONTEXT),
    ("usual-coloured.txt", "text", USUAL, COLOURED),
    ("usual-narrow.txt", "text", USUAL, NARROW),
    ("green.txt", "text", GREEN, CONTEXT),
    ("empty.txt", "text", EMPTY, ReportContext()),
    ("incomplete.txt", "text", INCOMPLETE, CONTEXT),
    ("usual.md", "markdown", USUAL, CONTEXT),
    ("green.md", "markdown", GREEN, CONTEXT),
    ("incomplete.md", "markdown", INCOMPLETE, CONTEXT),
    ("long.md", "markdown", many(120), ReportContext()),
    ("usual.json", "json", USUAL, CONTEXT),
    ("usual.sarif", "sarif", USUAL, replace(CONTEXT, with_suppressed=True)),
    ("usual.xml", "junit", USUAL, CONTEXT),
    ("usual.codequality.json", "codequality", USUAL, CONTEXT),
    ("usual.gl-sast.json", "gl-sast", USUAL, CONTEXT),
    ("usual.gl-secret.json", "gl-secret", USUAL, CONTEXT),
]


@pytest.mark.parametrize(
    ("name", "form", "report", "context"), CASES, ids=[case[0] for case in CASES]
)
def test_snapshot(name: str, form: str, report: Report, context: ReportContext) -> None:
    text = reporter(form).render(report, context)
    path = SNAPSHOTS / name
    if os.environ.get(UPDATE) == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


def test_every_snapshot_has_a_case() -> None:
    assert {path.name for path in SNAPSHOTS.iterdir()} == {case[0] for case in CASES}
