"""What a step hands to GitHub's runner: its outputs and its summary.

Source: docs.github.com, "Workflow commands for GitHub Actions", environment files. The
environment file itself is never written: what a step puts there would run in later steps.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct, field

from gitops_ci.model.regex import regex
from gitops_ci.output.budget import Section, fit
from gitops_ci.output.files import OutputError, write_atomic
from gitops_ci.output.redactor import Redactor

LARGEST_OUTPUT = 64 * 1024
"""Bytes of an output's value; a longer one goes to a file whose path becomes the value."""
SUMMARY_BUDGET = 900 * 1024
"""Bytes of the step summary. The runner drops a summary above 1 MiB altogether."""
NOTICE = "_{count} sections were left out to stay within the size limit._"
_NAME = regex("[A-Za-z_][A-Za-z0-9_-]*")


class GithubFiles(Struct, frozen=True):
    """The runner's files. A path that is None (outside the runner) makes its method do nothing.

    Values that are too long are written into the directory `spill`; `spill_shown` is that
    directory as later steps of the job see it, which differs inside a container.
    """

    output: Path | None
    summary: Path | None
    spill: Path
    spill_shown: str
    redactor: Redactor = field(default_factory=Redactor)

    def set_output(self, name: str, value: str) -> None:
        """Set the step output `name`. Raises OutputError, and ValueError for a bad name."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"not an output name: {name!r}")
        if self.output is None:
            return
        value = self.redactor.text(value)
        data = value.encode("utf-8", "backslashreplace")
        if len(data) > LARGEST_OUTPUT:
            write_atomic(self.spill / f"{name}.txt", data)
            data = f"{self.spill_shown}/{name}.txt".encode()
        delimiter = _delimiter(data)
        _append(self.output, name.encode() + b"<<%s\n%s\n%s\n" % (delimiter, data, delimiter))

    def add_summary(self, sections: Sequence[Section], budget: int = SUMMARY_BUDGET) -> None:
        """Append the sections to the step summary, without those that do not fit into what is
        left of `budget` bytes. Raises OutputError."""
        if self.summary is None:
            return
        used = self.summary.stat().st_size if self.summary.exists() else 0
        safe = [Section(self.redactor.text(item.text), item.weight) for item in sections]
        text = fit(safe, budget - used, NOTICE)
        if text:
            _append(self.summary, text.encode("utf-8", "backslashreplace"))


def _delimiter(data: bytes) -> bytes:
    """A line of 128 random bits that `data` does not hold."""
    while True:
        word = f"end_{os.urandom(16).hex()}".encode()
        if word not in data:
            return word


def _append(path: Path, data: bytes) -> None:
    """Append in one write, so that steps which write at the same time do not mix lines."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            os.write(descriptor, data)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise OutputError(f"{path.name} cannot be written: {error.strerror}") from error
