"""Runs that cannot go on: what is said, and that whoever waits for a report gets one."""

from __future__ import annotations

import io
import json
from pathlib import Path

import jsonschema
import pytest

from gitops_ci.cli.failure import reported
from gitops_ci.model.errors import ConfigError, GitopsError, IncompleteError, UsageError
from gitops_ci.model.finding import found
from gitops_ci.model.span import Location, Span
from gitops_ci.output.sink import Sink
from gitops_ci.report.schema import report_schema
from gitops_ci.steps.rules import BY_EXIT

PLACE = Location(".gitops-ci.yaml", Span(9, 12, 2, 3, 2, 6))
CONFIG = ConfigError((found(BY_EXIT[2], "unknown key 'a'", PLACE, hint="did you mean 'b'?"),))


def ended(error: BaseException, *words: str, runner: bool = False) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a run that ends with `error`."""
    out, err = io.BytesIO(), io.BytesIO()

    def job() -> int:
        raise error

    code = reported(Sink(out, err, runner=runner), words, job)
    return code, out.getvalue().decode(), err.getvalue().decode()


@pytest.mark.parametrize(
    ("error", "code", "status", "place"),
    [
        (CONFIG, 2, "fail", (".gitops-ci.yaml", 2, 3)),
        (UsageError("no such file"), 2, "fail", ("", 1, 1)),
        (IncompleteError("no base"), 3, "incomplete", ("", 1, 1)),
        (ZeroDivisionError("a bug"), 70, "incomplete", ("", 1, 1)),
        (RecursionError(), 70, "incomplete", ("", 1, 1)),
    ],
)
def test_stdout_holds_the_error_as_a_report(
    error: Exception, code: int, status: str, place: tuple[str, int, int]
) -> None:
    got, out, err = ended(error, "check", "--format", "json")
    report = json.loads(out)
    jsonschema.validate(report, json.loads(report_schema()))
    assert (got, report["status"]) == (code, status)
    (finding,) = report["findings"]
    assert (finding["path"], finding["line"], finding["column"]) == place
    assert err


@pytest.mark.parametrize("code", [3, 70])
def test_a_threshold_of_never_forgives_no_failure(code: int) -> None:
    error = IncompleteError("no base") if code == 3 else ZeroDivisionError("a bug")
    assert ended(error, "check", "--fail-on=never")[0] == code


def test_every_report_file_is_written(tmp_path: Path) -> None:
    words = ["-C", str(tmp_path), "check", "--output=sarif=a.sarif", "--output", "json=b.json"]
    assert ended(CONFIG, *words, "--output", "nonsense=c")[0] == 2
    sarif = json.loads((tmp_path / "a.sarif").read_text())
    (result,) = sarif["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == (PLACE.path, 2)
    assert json.loads((tmp_path / "b.json").read_text())["status"] == "fail"
    assert not (tmp_path / "c").exists()


def test_a_report_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    words = ("-C", str(tmp_path), "check", "--output=json=file/below.json")
    code, _, err = ended(CONFIG, *words)
    assert code == 2
    assert "the json report was not written" in err


@pytest.mark.parametrize("name", ["sarif", "junit", "codequality", "gl-sast", "markdown"])
def test_other_formats_hold_the_error_too(name: str) -> None:
    assert "unknown key" in ended(CONFIG, "check", f"--format={name}")[1]


def test_commands_that_print_data_print_none() -> None:
    assert ended(CONFIG, "render", "a", "--output", "json=x")[1] == ""
    assert ended(CONFIG, "check")[1] == ""


def test_on_the_runner_the_error_is_annotated_at_its_place() -> None:
    _, _, err = ended(CONFIG, "check", runner=True)
    assert "::error file=.gitops-ci.yaml,line=2," in err
    assert "::error" not in ended(CONFIG, "check")[2]


def test_interrupted() -> None:
    assert ended(KeyboardInterrupt(), "check", "--format=json")[:2] == (130, "")


def test_a_bug_shows_no_value_of_the_command_line() -> None:
    error: GitopsError | Exception = ValueError("x")
    assert "s3cret" not in ended(error, "check", "s3cret")[2]
