"""The report files of a CI job: where they lie, and what they say in short."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from gitops_ci.model.exits import INCOMPLETE, OK
from gitops_ci.output.files import write_atomic
from gitops_ci.steps.job_outputs import EXIT_CODE, VERDICT
from gitops_ci.steps.registry import STEPS

FOLDER = ".gitops-ci-report"
"""Where the report files lie in the workspace: the only place that has the same relative path
inside a container and for later steps. It ignores itself, so the work tree stays clean."""
JSON = "report.json"
REPORTING = frozenset(entry.name for entry in STEPS if entry.outputs == VERDICT)
"""The commands that write reports."""


class ReportFiles(Struct, frozen=True):
    """The files by format, below FOLDER of the `workspace`."""

    workspace: Path
    names: Mapping[str, str]

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self.workspace / FOLDER

    def ask(self, words: list[str]) -> None:
        """Add the options that write them to the command line `words`, if its command reports. What
        an earlier run left is gone. Raises OutputError when the folder leads out of the
        workspace."""
        if REPORTING.isdisjoint(words):
            return
        write_atomic(self.folder / ".gitignore", b"*\n", within=self.workspace)
        for name in self.names.values():
            write_atomic(self.folder / name, b"", within=self.workspace)
        split = words.index("--") if "--" in words else len(words)
        words[split:split] = [
            f"--output={format_}={self.folder / name}" for format_, name in self.names.items()
        ]

    def outputs(self, code: int) -> dict[str, str]:
        """What the reports say, as outputs of the job."""
        report = self._report()
        summary: dict[str, Any] = report.get("summary", {})
        status = report.get("status") or ("pass" if code == OK else "fail")
        counts = {name: int(summary.get(name, 0)) for name in ("errors", "warnings", "notes")}
        return {
            EXIT_CODE: str(code),
            "status": "incomplete" if code == INCOMPLETE else str(status),
            "findings": str(sum(counts.values())),
            "errors": str(counts["errors"]),
            "warnings": str(counts["warnings"]),
            "json-file": self.shown("json"),
            "sarif-file": self.shown("sarif"),
        }

    def shown(self, format_: str) -> str:
        """The path of the file relative to the workspace; empty when nothing was written."""
        name = self.names.get(format_)
        return f"{FOLDER}/{name}" if name and self.text(format_) else ""

    def text(self, format_: str) -> str:
        """The text of a regular file that this run wrote, empty when there is none. The work tree
        is hostile: links are not followed."""
        path = self.folder / self.names[format_]
        try:
            if path.parent.is_symlink() or path.is_symlink() or not path.is_file():
                return ""
            return path.read_text("utf-8")
        except OSError:
            return ""

    def _report(self) -> dict[str, Any]:
        """The JSON report of this run; empty when the run ended before there was one."""
        try:
            report = json.loads(self.text("json"))
        except ValueError:
            return {}
        return report if isinstance(report, dict) else {}
