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
_REPORTING = frozenset({"check", "validate"})


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Run the command that the inputs name and hand the results to the runner."""
    sink = standard(runner=True)
    workspace = Path(environ.get("GITHUB_WORKSPACE") or ".")
    words: list[str] = []

    def job() -> int:
        words.extend(argv_of(environ))
        if _REPORTING.isdisjoint(words):
            return run(words, sink)
        split = words.index("--") if "--" in words else len(words)
        return run([*words[:split], *_outputs(workspace), *words[split:]], sink)

    code = reported(sink, words, job)
    try:
        _hand_over(environ, workspace, code, sink)
    except OutputError as error:
        sink.log(f"the results could not be handed to the runner: {error.message}", Level.WARNING)
    return code


def _outputs(workspace: Path) -> list[str]:
    folder = workspace / FOLDER
    write_atomic(folder / ".gitignore", b"*\n", within=workspace)
    for name in ("report.json", "report.sarif", "summary.md"):
        (folder / name).unlink(missing_ok=True)
    return [
        f"--output=json={folder / 'report.json'}",
        f"--output=sarif={folder / 'report.sarif'}",
        f"--output=markdown={folder / 'summary.md'}",
    ]


def _hand_over(environ: Mapping[str, str], workspace: Path, code: int, sink: Sink) -> None:
    folder = workspace / FOLDER
    files = GithubFiles(
        _path(environ, "GITHUB_OUTPUT"),
        _path(environ, "GITHUB_STEP_SUMMARY"),
        folder,
        FOLDER,
        sink.redactor,
    )
    report = _report(folder / "report.json")
    summary: dict[str, Any] = report.get("summary", {})
    status = report.get("status") or ("pass" if code == OK else "fail")
    files.set_output("status", "incomplete" if code == INCOMPLETE else str(status))
    files.set_output("exit-code", str(code))
    counts = {name: int(summary.get(name, 0)) for name in ("errors", "warnings", "notes")}
    files.set_output("findings", str(sum(counts.values())))
    files.set_output("errors", str(counts["errors"]))
    files.set_output("warnings", str(counts["warnings"]))
    for name, file in (("json-file", "report.json"), ("sarif-file", "report.sarif")):
        files.set_output(name, f"{FOLDER}/{file}" if (folder / file).is_file() else "")
    page = folder / "summary.md"
    if page.is_file():
        files.add_summary([Section(page.read_text("utf-8").rstrip())])


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]) if environ.get(name) else None


def _report(path: Path) -> dict[str, Any]:
    try:
        report = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return report if isinstance(report, dict) else {}


if __name__ == "__main__":
    raise SystemExit(main())
