"""Every byte that leaves a run: streams, report files, baseline and bug report hold no value."""

from __future__ import annotations

import base64
import io
import tempfile
import urllib.parse
from collections.abc import Iterator
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


def _is_found(path: str, text: str, value: str) -> bool:
    hidden: list[str] = []
    scan(ScanRequest(Files(MemoryTree({path: text})), hide=hidden.append))
    return any(value in item for item in hidden)


def _nothing_leaks(shape: tuple[str, str], value: str, command: str, end: str) -> None:
    path, pattern = shape
    encoded = base64.b64encode(value.encode()).decode()
    login = base64.b64encode(f"robot:{value}".encode()).decode()
    text = pattern.format(value=value, base64=encoded, login=login)
    if end and not path.endswith((".json", ".tf")):
        text = text.rstrip("\n") + end + "\n"
    if not _is_found(path, text, value):
        return  # what is no secret is no secret of a bug report either
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / path).write_text(text)
        said = _everything_from(folder, text, command)
    assert not any(form in said for form in _forms(value))


ARGUMENTS = {
    "shape": st.sampled_from(SHAPES),
    "value": VALUES,
    "command": st.sampled_from(["secrets", "secrets", "secrets", CREATE]),
    "end": st.sampled_from(["", "", ALLOW]),
}


@given(**ARGUMENTS)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_that_leaves_a_run_shows_a_value(
    shape: tuple[str, str], value: str, command: str, end: str
) -> None:
    _nothing_leaks(shape, value, command, end)


@pytest.mark.nightly
@pytest.mark.timeout(7200)
@given(**ARGUMENTS)
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
def test_nor_in_many_runs(shape: tuple[str, str], value: str, command: str, end: str) -> None:
    _nothing_leaks(shape, value, command, end)
