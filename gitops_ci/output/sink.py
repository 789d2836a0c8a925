"""The one place that writes to stdout and stderr."""

from __future__ import annotations

import os
import stat
import sys
from enum import IntEnum
from pathlib import Path
from typing import BinaryIO

from gitops_ci.output.commands import Command, Name
from gitops_ci.output.files import write_atomic
from gitops_ci.output.neutral import neutralise
from gitops_ci.output.redactor import Redactor
from gitops_ci.output.terminal import visible


class Level(IntEnum):
    """How loud a log line is, and which ones are wanted."""

    DEBUG = 1
    INFO = 2
    WARNING = 3
    ERROR = 4

    @classmethod
    def of(cls, word: str) -> Level:
        """The level spelled `word`; raises KeyError for any other word."""
        return cls[word.upper()]


class Sink:
    """Results go to `out`; log, progress and runner commands go to `err`. All is UTF-8.

    `runner` says that GitHub's runner reads the streams: commands are sent, and no other line can
    be taken for one. A reader that went away (a closed pipe) silences its stream. Any other
    failure to write is said once on stderr and kept in `trouble`; it never changes a verdict.
    """

    def __init__(
        self,
        out: BinaryIO,
        err: BinaryIO,
        *,
        runner: bool = False,
        level: Level = Level.WARNING,
        redactor: Redactor | None = None,
    ) -> None:
        self._out, self._err = out, err
        self._gone: set[int] = set()
        self._transient = False
        self.runner = runner
        self.level = level
        self.redactor = redactor or Redactor()
        self.trouble = ""

    def result(self, data: str | bytes) -> None:
        """Write whole lines to stdout; a missing last line end is added."""
        self.clear()
        text = data if isinstance(data, str) else data.decode("utf-8", "surrogateescape")
        text = self.redactor.text(text)
        if self.runner and not _is_file(self._out):
            text = neutralise(text)
        errors = "backslashreplace" if isinstance(data, str) else "surrogateescape"
        self._write(self._out, _ended(text), errors)

    def save(self, path: Path, data: str | bytes, *, within: Path | None = None) -> None:
        """Write a file whole or not at all, as `write_atomic` does. Raises OutputError."""
        raw = data if isinstance(data, bytes) else data.encode("utf-8", "backslashreplace")
        write_atomic(path, self.redactor.data(raw), within=within)

    def log(self, text: str, level: Level = Level.INFO) -> None:
        """Write lines to stderr if `level` is wanted; each line is shown without control
        characters."""
        if level < self.level and not (self.runner and level is Level.DEBUG):
            return
        if level is Level.DEBUG and self.runner:
            self.command(Command(Name.DEBUG, text))
            return
        self.clear()
        lines = "\n".join(visible(line) for line in text.splitlines())
        self._write(self._err, _ended(self._safe(lines)))

    def styled(self, text: str) -> None:
        """Write our own lines to stderr as they are, colour included; parts that come from data
        have been made `visible` before."""
        self.clear()
        self._write(self._err, _ended(self._safe(text)))

    def command(self, command: Command) -> None:
        """Send a workflow command; nothing outside GitHub's runner."""
        if not self.runner:
            return
        self.clear()
        if command.name is Name.MASK:
            self.redactor.register(command.data)
            self._write(self._err, command.line + "\n")
            return
        self._write(self._err, self.redactor.text(command.line) + "\n")

    def transient(self, text: str) -> None:
        """Show `text` on the terminal's current line until anything else is written."""
        self._transient = True
        self._write(self._err, "\r\x1b[2K" + self.redactor.text(visible(text)))

    def clear(self) -> None:
        """Remove the transient line, if there is one."""
        if self._transient:
            self._transient = False
            self._write(self._err, "\r\x1b[2K")

    def _safe(self, text: str) -> str:
        text = self.redactor.text(text)
        return neutralise(text) if self.runner else text

    def _write(self, stream: BinaryIO, text: str, errors: str = "backslashreplace") -> None:
        if id(stream) in self._gone:
            return
        try:
            stream.write(text.encode("utf-8", errors))
            stream.flush()
        except BrokenPipeError:
            self._silence(stream)
        except OSError as error:
            self.trouble = f"output could not be written: {error.strerror}"
            self._silence(stream)
            if stream is self._out:
                self._write(self._err, self.trouble + "\n")

    def _silence(self, stream: BinaryIO) -> None:
        """Forget the stream, and keep the interpreter from failing on it again at its exit."""
        self._gone.add(id(stream))
        descriptor = _descriptor(stream)
        if descriptor >= 0:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, descriptor)
            os.close(null)


def standard(*, runner: bool = False, level: Level = Level.WARNING) -> Sink:
    """The Sink over the process's own streams."""
    return Sink(sys.stdout.buffer, sys.stderr.buffer, runner=runner, level=level)


def is_terminal(stream: BinaryIO) -> bool:
    """Whether a person looks at `stream`."""
    try:
        return stream.isatty()
    except (OSError, ValueError):
        return False


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


def _descriptor(stream: BinaryIO) -> int:
    try:
        return stream.fileno()
    except (OSError, ValueError):
        return -1


def _is_file(stream: BinaryIO) -> bool:
    """Whether the stream goes to a file, which no runner reads: there, bytes stay as they are."""
    descriptor = _descriptor(stream)
    return descriptor >= 0 and stat.S_ISREG(os.fstat(descriptor).st_mode)
