"""Every byte that leaves a run: streams, report files, baseline and bug report hold no value."""

from __future__ import annotations

import base64
import io
import tempfile
import urllib.parse
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitops_ci.cli.failure import reported
from gitops_ci.cli.main import run
from gitops_ci.output.sink import Level, Sink
from gitops_ci.repo.files import Files
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.secrets.scan import ScanRequest, scan
from gitops_ci.steps.check import FORMATS
from tests.unit.secrets.test_redaction import SHAPES, VALUES

CREATE = "baseline create --reason old --owner me"
ALLOW = "  # pragma: allowlist secret"


def _forms(value: str) -> Iterator[str]:
    data = value.encode()
    yield value
    yield base64.b64encode(data).decode().rstrip("=")
    yield base64.urlsafe_b64encode(data).decode().rstrip("=")
    yield data.hex()
    yield data.hex().upper()
    yield urllib.parse.quote(value, safe="")


def _everything_from(folder: Path, text: str, command: str) -> str:
    """What a run in `folder` writes anywhere, and the report of a bug that quotes the file."""
    out, err = io.BytesIO(), io.BytesIO()
    sink = Sink(out, err, runner=True, level=Level.DEBUG)
    files = [folder / f"report.{name}" for name in FORMATS]
    words = ["-C", str(folder), *command.split()]
    if command == "secrets":
        words += [f"--output={name}={folder / f'report.{name}'}" for name in FORMATS]
    code = reported(sink, words, lambda: run(words, sink, {"GITHUB_ACTIONS": "true"}))
    assert code in (0, 1)

    def fail() -> int:
        raise RuntimeError(f"while reading {text!r}")

    reported(sink, words, fail)
    files += (folder / ".gitops-ci").rglob("*.json")
    streams = (out.getvalue() + err.getvalue()).decode()
    lines = (line for line in streams.splitlines() if not line.startswith("::add-mask::"))
    return "\n".join([*lines, *(file.read_text() for file in files if file.exists())])


def _text(shape: tuple[str, str], value: str, end: str) -> str:
    path, pattern = shape
    encoded = base64.b64encode(value.encode()).decode()
    login = base64.b64encode(f"robot:{value}".encode()).decode()
    text = pattern.format(value=value, base64=encoded, login=login)
    if end and not path.endswith((".json", ".tf")):
        text = text.rstrip("\n") + end + "\n"
    return text


def _found(files: dict[str, str], values: Iterable[str]) -> list[str]:
    """The values that the scan takes for secrets: what is none is none of a bug report either."""
    hidden: list[str] = []
    scan(ScanRequest(Files(MemoryTree(files)), hide=hidden.append))
    return [value for value in values if any(value in item for item in hidden)]


def _nothing_leaks(parts: list[Part], command: str) -> None:
    """One run of the command over one repository, with a directory for each part."""
    files = {
        f"part{number}/{shape[0]}": _text(shape, value, end)
        for number, (shape, value, end) in enumerate(parts)
    }
    values = _found(files, {value for _, value, _ in parts})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, text in files.items():
            (folder / path).parent.mkdir()
            (folder / path).write_text(text)
        said = _everything_from(folder, "\n".join(files.values()) if values else "", command)
    assert not any(form in said for value in values for form in _forms(value))


Part = tuple[tuple[str, str], str, str]
ARGUMENTS = {
    "parts": st.lists(
        st.tuples(st.sampled_from(SHAPES), VALUES, st.sampled_from(["", "", ALLOW])),
        min_size=1,
        max_size=3,
    ),
    "command": st.sampled_from(["secrets", "secrets", "secrets", CREATE]),
}


@given(**ARGUMENTS)
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_that_leaves_a_run_shows_a_value(parts: list[Part], command: str) -> None:
    _nothing_leaks(parts, command)


@pytest.mark.nightly
@pytest.mark.timeout(7200)
@given(**ARGUMENTS)
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
def test_nor_in_many_runs(parts: list[Part], command: str) -> None:
    _nothing_leaks(parts, command)
