"""What holds for every format: hostile text, secrets, thousands of findings."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gitops_ci.model.report import Status
from gitops_ci.report.annotations import MOST, annotations_of
from gitops_ci.report.formats import FORMATS, reporter
from gitops_ci.report.port import ReportContext
from tests.support.command_parser import commands_in, parse
from tests.unit.report.samples import CONTEXT, EMPTY, GREEN, INCOMPLETE, USUAL, hostile, many

EVERY = sorted(FORMATS)
OF_JSON = ("json", "sarif", "codequality", "gl-sast", "gl-secret")
TOKENS = [
    "::", "##[", "[", "]", "error", "add-mask", "\n", "\r", " ", "\x00", "\x1b[31m", "\u200b",
    "\u200d", "\ufe0f",
    "\u202e", "<b>", "</details>", "&", '"', "'", "|", "`", "```\n", "@octocat", "#123", "!5",
    "](x)", "![", "*",
    "https://evil.example", "www.evil.example", ":tada:", "GH-7", "]]>", "\udc80", "\ufffe", "日本",
]  # fmt: skip
HOSTILE = st.lists(st.sampled_from(TOKENS) | st.text(max_size=3), max_size=10).map("".join)
ROUNDS = settings(max_examples=40)


@pytest.mark.parametrize("form", EVERY)
@ROUNDS
@given(text=HOSTILE)
@example(text="::error::x")
@example(text="x\n::add-mask::x")
@example(text="##[error]x")
@example(text=":\u200d:error::x")
def test_no_report_holds_a_command(form: str, text: str) -> None:
    assert commands_in(reporter(form).render(hostile(text), CONTEXT)) == []


@pytest.mark.parametrize("form", OF_JSON)
@ROUNDS
@given(text=HOSTILE)
def test_json_formats_are_ascii_and_keep_the_message(form: str, text: str) -> None:
    output = reporter(form).render(hostile(text), CONTEXT)
    assert output.isascii()
    assert "\x00" not in output
    if form == "json":
        assert json.loads(output)["findings"][0]["message"] == text
    else:
        json.loads(output)


@ROUNDS
@given(text=HOSTILE)
def test_junit_is_well_formed(text: str) -> None:
    root = ET.fromstring(reporter("junit").render(hostile(text), CONTEXT))
    assert root.get("failures") == "1"
    assert root.get("errors") == "1"


@ROUNDS
@given(text=HOSTILE)
def test_text_shows_no_control_characters(text: str) -> None:
    output = reporter("text").render(hostile(text), CONTEXT)
    assert not set(output.replace("\n", "")) & {chr(code) for code in (*range(32), 127, 0x202E)}
    output.encode("utf-8")


@pytest.mark.parametrize("form", EVERY)
@pytest.mark.parametrize("report", [USUAL, GREEN, EMPTY, INCOMPLETE, hostile(""), hostile("x")])
def test_reports_end_in_a_line_end_and_are_repeatable(form: str, report: Any) -> None:
    output = reporter(form).render(report, CONTEXT)
    assert output.endswith("\n")
    assert output == reporter(form).render(report, CONTEXT)


@pytest.mark.parametrize("form", EVERY)
def test_no_report_shows_a_secret(form: str) -> None:
    output = reporter(form).render(USUAL, replace(CONTEXT, with_suppressed=True))
    assert "hunter2" not in output


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_thousands_of_findings_stay_readable(form: str) -> None:
    output = reporter(form).render(many(25_001), ReportContext())
    assert len(output.encode()) < 900 * 1024
    assert "8,333 errors, 8,334 warnings, 8,334 notes in 251 files" in output


def test_annotations_are_few_and_the_last_says_how_many_more() -> None:
    commands = [parse(command.line) for command in annotations_of(many(5_000))]
    levels = [command.name for command in commands if command]
    assert levels == ["error"] * MOST + ["warning"] * MOST + ["notice"] * MOST
    last = commands[MOST - 1]
    assert last is not None
    assert last.data == "1,658 more findings of this level are in the report and in the log"
    assert last.properties == {"title": "gitops-ci"}


def test_nine_annotations_need_no_ninth_line() -> None:
    assert len(annotations_of(many(27))) == 27
    assert all("more findings" not in command.data for command in annotations_of(many(27)))


def test_annotations_of_the_usual_report() -> None:
    lines = [command.line for command in annotations_of(USUAL)]
    assert lines[1] == (
        "::error file=apps/web/overlays/prod/patch.yaml,line=6,endLine=6,col=3,endColumn=10,"
        "title=schema/unknown-field::unknown field 'replicsa' in Deployment spec%0A"
        "did you mean 'replicas'?%0ADeployment shop/web, rendered by apps/web/overlays/prod (prod)"
    )
    assert len(lines) == 5
    assert annotations_of(GREEN) == ()


@ROUNDS
@given(text=HOSTILE)
def test_an_annotation_is_one_command(text: str) -> None:
    (command,) = annotations_of(hostile(text))
    assert not {"\n", "\r"} & set(command.line)
    parsed = parse(command.line)
    assert parsed is not None
    assert (parsed.name, parsed.properties["title"]) == ("error", "schema/unknown-field")
    assert parsed.properties.get("file", "") == text


def test_an_unknown_format_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        reporter("yaml")


@pytest.mark.parametrize("status", list(Status))
def test_status_reaches_the_verdict(status: Status) -> None:
    output = reporter("text").render(replace(GREEN, status=status), CONTEXT)
    assert ("merge blocked" in output) is (status is not Status.PASS)
