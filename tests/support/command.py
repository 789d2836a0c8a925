"""The command, run in this process with streams, directory and environment of the test's own."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gitops_ci.cli.failure import reported
from gitops_ci.cli.main import run
from gitops_ci.output.sink import Sink


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The JSON report on stdout."""
        report: dict[str, Any] = json.loads(self.out)
        return report

    def places(self, *severities: str) -> list[tuple[str, int, str]]:
        """(path, line, rule) of each new finding of the JSON report, of these severities only."""
        return [
            (item["path"], item["line"], item["rule"])
            for item in self.report["findings"]
            if not item["existing"] and (not severities or item["severity"] in severities)
        ]


def gitops_ci(
    root: Path, *words: str, environ: Mapping[str, str] | None = None, runner: bool = False
) -> Ended:
    """Run `gitops-ci -C ROOT WORDS` under exactly the variables of `environ`, and the PATH."""
    out, err = io.BytesIO(), io.BytesIO()
    sink = Sink(out, err, runner=runner)
    given = ["-C", str(root), *words]
    code = reported(sink, given, lambda: run(given, sink, dict(environ or {})))
    return Ended(code, out.getvalue().decode(), err.getvalue().decode())
