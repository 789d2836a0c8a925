"""The container action: inputs from the runner, outputs and summary back to it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from gitops_ci.cli.failure import reported
from gitops_ci.cli.inputs import argv_of
from gitops_ci.cli.main import run
from gitops_ci.cli.process import short_lived
from gitops_ci.cli.report_files import FOLDER, JSON, ReportFiles
from gitops_ci.output.budget import Section
from gitops_ci.output.files import OutputError
from gitops_ci.output.github_files import GithubFiles
from gitops_ci.output.sink import Level, Sink, standard

FILES = {"json": JSON, "sarif": "report.sarif", "markdown": "summary.md"}


def main(argv: Sequence[str] = (), environ: Mapping[str, str] = os.environ) -> int:
    """Run the command that `argv` or else the inputs name and hand the results to the runner."""
    sink = standard(runner=True)
    files = ReportFiles(Path(environ.get("GITHUB_WORKSPACE") or ".").absolute(), FILES)
    words: list[str] = []
    outputs: dict[str, str] = {}

    def job() -> int:
        words.extend(argv_of(environ, " ".join(argv)))
        files.ask(words)
        return run(words, sink, environ, outputs)

    code = reported(sink, words, job)
    try:
        _hand_over(environ, files, {**files.outputs(code), **outputs}, sink)
    except OutputError as error:
        sink.log(f"the results could not be handed to the runner: {error.message}", Level.WARNING)
    return code


def _hand_over(
    environ: Mapping[str, str], files: ReportFiles, outputs: Mapping[str, str], sink: Sink
) -> None:
    runner = GithubFiles(
        _path(environ, "GITHUB_OUTPUT"),
        _path(environ, "GITHUB_STEP_SUMMARY"),
        files.folder,
        FOLDER,
        sink.redactor,
    )
    for name, value in outputs.items():
        runner.set_output(name, value)
    page = files.text("markdown")
    if page:
        runner.add_summary([Section(part.strip()) for part in page.split("\n\n")])


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]) if environ.get(name) else None


if __name__ == "__main__":
    raise SystemExit(short_lived(lambda: main(sys.argv[1:])))
