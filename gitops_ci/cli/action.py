"""The container action: inputs from the runner, outputs and summary back to it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gitops_ci.cli.failure import reported
from gitops_ci.cli.inputs import argv_of
from gitops_ci.cli.main import run
from gitops_ci.model.exits import INCOMPLETE, OK
from gitops_ci.output.budget import Section
from gitops_ci.output.files import OutputError, write_atomic
from gitops_ci.output.github_files import GithubFiles
from gitops_ci.output.sink import Level, Sink, standard

FOLDER = ".gitops-ci-report"
"""Where the report files lie in the workspace: the only place that has the same relative path
inside the container and for later steps. It ignores itself, so the work tree stays clean."""
JSON, SARIF, PAGE = "report.json", "report.sarif", "summary.md"
_REPORTING = frozenset({"check", "validate", "secrets"})


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Run the command that the inputs name and hand the results to the runner."""
    sink = standard(runner=True)
    workspace = Path(environ.get("GITHUB_WORKSPACE") or ".").absolute()
    folder = workspace / FOLDER
    words: list[str] = []

    def job() -> int:
        words.extend(argv_of(environ))
        if not _REPORTING.isdisjoint(words):
            split = words.index("--") if "--" in words else len(words)
            words[split:split] = _outputs(folder, workspace)
        return run(words, sink)

    code = reported(sink, words, job)
    try:
        _hand_over(environ, folder, code, sink)
    except OutputError as error:
        sink.log(f"the results could not be handed to the runner: {error.message}", Level.WARNING)
    return code


def _outputs(folder: Path, workspace: Path) -> list[str]:
    """The report options, with the reports of an earlier run gone. Raises OutputError when the
    folder leads out of the workspace."""
    write_atomic(folder / ".gitignore", b"*\n", within=workspace)
    for name in (JSON, SARIF, PAGE):
        write_atomic(folder / name, b"", within=workspace)
    return [
        f"--output=json={folder / JSON}",
        f"--output=sarif={folder / SARIF}",
        f"--output=markdown={folder / PAGE}",
    ]


def _hand_over(environ: Mapping[str, str], folder: Path, code: int, sink: Sink) -> None:
    files = GithubFiles(
        _path(environ, "GITHUB_OUTPUT"),
        _path(environ, "GITHUB_STEP_SUMMARY"),
        folder,
        FOLDER,
        sink.redactor,
    )
    report = _report(folder)
    summary: dict[str, Any] = report.get("summary", {})
    status = report.get("status") or ("pass" if code == OK else "fail")
    files.set_output("status", "incomplete" if code == INCOMPLETE else str(status))
    files.set_output("exit-code", str(code))
    counts = {name: int(summary.get(name, 0)) for name in ("errors", "warnings", "notes")}
    files.set_output("findings", str(sum(counts.values())))
    files.set_output("errors", str(counts["errors"]))
    files.set_output("warnings", str(counts["warnings"]))
    for name, file in (("json-file", JSON), ("sarif-file", SARIF)):
        files.set_output(name, f"{FOLDER}/{file}" if _text(folder / file) else "")
    page = _text(folder / PAGE)
    if page:
        files.add_summary([Section(part.strip()) for part in page.split("\n\n")])


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]) if environ.get(name) else None


def _report(folder: Path) -> dict[str, Any]:
    """The JSON report of this run; empty when the run ended before there was one."""
    try:
        report = json.loads(_text(folder / JSON))
    except ValueError:
        return {}
    return report if isinstance(report, dict) else {}


def _text(path: Path) -> str:
    """The text of a regular file that this run wrote, empty when there is none. The work tree is
    hostile: links are not followed."""
    try:
        if path.parent.is_symlink() or path.is_symlink() or not path.is_file():
            return ""
        return path.read_text("utf-8")
    except OSError:
        return ""


if __name__ == "__main__":
    raise SystemExit(main())
