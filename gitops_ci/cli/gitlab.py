"""The job of a GitLab component: inputs from its variables, reports where its artifacts lie.

A template hands its inputs over as variables, so that none of them reaches the shell.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from gitops_ci.cli.failure import reported
from gitops_ci.cli.inputs import argv_of, plain_variable
from gitops_ci.cli.main import run
from gitops_ci.cli.process import short_lived
from gitops_ci.cli.report_files import JSON, ReportFiles
from gitops_ci.model.regex import regex
from gitops_ci.output.files import OutputError, write_atomic
from gitops_ci.output.sink import Level, standard

FILES = {
    "json": JSON,
    "codequality": "gl-code-quality-report.json",
    "junit": "junit.xml",
    "gl-sast": "gl-sast-report.json",
    "gl-secret": "gl-secret-detection-report.json",
    "markdown": "summary.md",
}
DOTENV = "outputs.env"
"""What later jobs get as variables: a dotenv report takes one line per value, no quotes."""
_TOKENS = ("GITOPS_CI_TOKEN", "GITLAB_TOKEN")
_PLAIN = regex(r"[\x21-\x7e]*\Z")


def main(argv: Sequence[str] = (), environ: Mapping[str, str] = os.environ) -> int:
    """Run the command that `argv` names and leave its reports behind."""
    sink = standard()
    files = ReportFiles(Path(environ.get("CI_PROJECT_DIR") or ".").absolute(), FILES)
    trusted = without_tokens(environ) if is_from_fork(environ) else environ
    words: list[str] = []
    outputs: dict[str, str] = {}

    def work() -> int:
        words.extend(argv_of(environ, " ".join(argv), plain_variable))
        files.ask(words)
        return run(words, sink, trusted, outputs)

    code = reported(sink, words, work)
    try:
        text = dotenv({**files.outputs(code), **outputs})
        write_atomic(files.folder / ".gitignore", b"*\n", within=files.workspace)
        write_atomic(files.folder / DOTENV, text.encode(), within=files.workspace)
    except OutputError as error:
        sink.log(f"the outputs were not written: {error.message}", Level.WARNING)
    return code


def job() -> int:
    """The console script `gitops-ci-job COMMAND`."""
    return short_lived(lambda: main(sys.argv[1:]))


def is_from_fork(environ: Mapping[str, str]) -> bool:
    """Whether the merge request comes from another project, whose pipeline may run in this one."""
    source = environ.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "")
    return bool(source) and source != environ.get("CI_MERGE_REQUEST_PROJECT_ID", "")


def without_tokens(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables without the project's tokens: what a fork brings is never run with them."""
    return {name: value for name, value in environ.items() if name not in _TOKENS}


def dotenv(outputs: Mapping[str, str]) -> str:
    """The outputs as GITOPS_CI_<NAME> lines. Values with spaces or line ends, which the format
    cannot hold, are left out."""
    lines = (
        f"GITOPS_CI_{name.replace('-', '_').upper()}={value}\n"
        for name, value in outputs.items()
        if _PLAIN.match(value)
    )
    return "".join(lines)


if __name__ == "__main__":
    raise SystemExit(job())
