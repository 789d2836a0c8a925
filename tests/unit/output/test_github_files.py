"""Outputs and summary as the runner reads them back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.output.budget import Section, fit
from gitops_ci.output.github_files import LARGEST_OUTPUT, NOTICE, SUMMARY_BUDGET, GithubFiles
from gitops_ci.output.redactor import Redactor


def read_outputs(data: bytes) -> dict[str, bytes]:
    """The outputs as the runner reads them: `name=value`, or a heredoc."""
    found: dict[str, bytes] = {}
    lines = iter(data.split(b"\n"))
    for line in lines:
        if not line:
            continue
        name, _, delimiter = line.partition(b"<<")
        value = []
        for part in lines:
            if part == delimiter:
                break
            value.append(part)
        found[name.decode()] = b"\n".join(value)
    return found


def github_files(folder: Path, **details: Redactor) -> GithubFiles:
    spill = folder / "spill"
    return GithubFiles(folder / "output", folder / "summary", spill, "/runner/spill", **details)


@pytest.mark.parametrize(
    "value", ["", "pass", "a\nb", "x<<y\nz=1\n", "end_00\nend_00", "::error::x", "\n", "ü 👍"]
)
def test_outputs_are_read_back(tmp_path: Path, value: str) -> None:
    files = github_files(tmp_path)
    files.set_output("first", value)
    files.set_output("exit-code", "1")
    assert read_outputs((tmp_path / "output").read_bytes()) == {
        "first": value.encode(),
        "exit-code": b"1",
    }


def test_a_long_output_becomes_a_file(tmp_path: Path) -> None:
    files = github_files(tmp_path)
    files.set_output("exact", "x" * LARGEST_OUTPUT)
    files.set_output("long", "ü" * (LARGEST_OUTPUT // 2) + "x")
    outputs = read_outputs((tmp_path / "output").read_bytes())
    assert len(outputs["exact"]) == LARGEST_OUTPUT
    assert outputs["long"] == b"/runner/spill/long.txt"
    assert (tmp_path / "spill" / "long.txt").stat().st_size == LARGEST_OUTPUT + 1


@pytest.mark.parametrize("name", ["", "a b", "a=b", "a\nb", "a<<b", "1a"])
def test_a_bad_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="output name"):
        github_files(tmp_path).set_output(name, "x")


def test_outside_the_runner_nothing_happens(tmp_path: Path) -> None:
    files = GithubFiles(None, None, tmp_path / "spill", "")
    files.set_output("a", "x" * (LARGEST_OUTPUT + 1))
    files.add_summary([Section("text")])
    assert list(tmp_path.iterdir()) == []


def test_secrets_are_hidden(tmp_path: Path) -> None:
    files = github_files(tmp_path, redactor=Redactor(["hunter2"]))
    files.set_output("a", "hunter2")
    files.add_summary([Section("it is hunter2")])
    assert read_outputs((tmp_path / "output").read_bytes()) == {"a": b"***"}
    assert (tmp_path / "summary").read_text() == "it is ***\n"


def test_the_summary_shares_its_budget_with_what_is_there(tmp_path: Path) -> None:
    files = github_files(tmp_path)
    (tmp_path / "summary").write_text("x" * 900)
    files.add_summary([Section("head", 2), Section("y" * 500, 1)], budget=1000)
    text = (tmp_path / "summary").read_text()
    assert text.endswith("xhead\n\n" + NOTICE.replace("{count}", "1") + "\n")
    assert len(text) <= 1000
    files.add_summary([Section("z" * 100)], budget=1000)
    assert (tmp_path / "summary").read_text() == text


TOO_MUCH = 1024 * 1024 + 1
"""Bytes of a summary that the runner would drop."""


@pytest.mark.parametrize(
    "sections",
    [
        [Section("x" * TOO_MUCH)],
        [Section("head", 2), *[Section("x" * 1022)] * (TOO_MUCH // 1024)],
        [Section("head", 2), *[Section("\U0001f600" * 255)] * (TOO_MUCH // 1024)],
    ],
    ids=["one section", "many sections", "characters of four bytes"],
)
def test_a_summary_above_the_limit_of_the_runner_is_cut(
    tmp_path: Path, sections: list[Section]
) -> None:
    github_files(tmp_path).add_summary(sections)
    data = (tmp_path / "summary").read_bytes()
    assert len(data) <= SUMMARY_BUDGET
    assert data.decode().endswith("size limit._\n")
    assert data.startswith(b"head") is (len(sections) > 1)


@pytest.mark.parametrize(("length", "kept"), [(59_999, True), (60_000, False), (60_001, False)])
def test_a_text_of_exactly_the_budget(length: int, kept: bool) -> None:
    text = fit([Section("x" * 100, 1), Section("y" * (length - 103))], 60_000, NOTICE)
    assert ("yy" in text) is kept
    assert text.startswith("x" * 100)


SECTIONS = st.lists(st.builds(Section, st.text(max_size=40), st.integers(0, 3)), max_size=8)


@given(SECTIONS, st.integers(0, 300))
def test_a_shortened_text_fits_and_keeps_what_weighs_most(
    sections: list[Section], budget: int
) -> None:
    text = fit(sections, budget, NOTICE)
    assert len(text.encode("utf-8", "backslashreplace")) <= budget
    whole = "\n\n".join(section.text for section in sections) + "\n"
    if text and text != whole:
        assert text.rstrip("\n").endswith("size limit._")
    roomy = len(whole.encode("utf-8", "backslashreplace")) + 20
    assert fit(sections, roomy, NOTICE) in (whole, "")


def test_the_lightest_and_latest_go_first() -> None:
    sections = [Section("a" * 60, 2), Section("b" * 60, 1), Section("c" * 60, 1)]
    text = fit(sections, 180, "{count} left out")
    assert text == "a" * 60 + "\n\n" + "b" * 60 + "\n\n1 left out\n"
