"""Run a program: time-limited, with an allow-listed environment, never through a shell."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:  # a run without programs does not load what starts them
    from subprocess import Popen

PASSED_ON = (
    "PATH",
    "HOME",
    "TMPDIR",
    "LANG",
    "LC_ALL",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "SYSTEMROOT",
)
MAX_OUTPUT = 256 * 2**20


class Outcome(Struct, frozen=True):
    """What a program left behind. `timed_out` programs were killed with their children;
    `truncated` says that the output was longer than allowed and the program was killed."""

    code: int
    stdout: bytes
    stderr: str
    timed_out: bool = False
    truncated: bool = False

    @property
    def ok(self) -> bool:
        """Whether the program ended by itself with code 0."""
        return self.code == 0 and not self.timed_out and not self.truncated


class MissingProgramError(Exception):
    """The program does not exist or cannot be executed."""


def run(
    argv: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    stdin: bytes = b"",
    timeout: float = 60.0,
    env: Mapping[str, str] | None = None,
) -> Outcome:
    """Run `argv` to its end and return what it printed.

    `timeout` is in seconds. The environment is PASSED_ON plus `env`. Raises MissingProgramError.
    """
    import subprocess
    import tempfile

    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    environment.update(env or {})
    with ExitStack() as files:
        given: IO[bytes] | int = subprocess.DEVNULL
        if stdin:
            given = files.enter_context(tempfile.TemporaryFile())
            given.write(stdin)
            given.seek(0)
        out = files.enter_context(tempfile.TemporaryFile())
        err = files.enter_context(tempfile.TemporaryFile())
        try:
            process = subprocess.Popen(  # noqa: S603 - a list of words, no shell
                [str(word) for word in argv],
                cwd=cwd,
                stdin=given,
                stdout=out,
                stderr=err,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            raise MissingProgramError(f"{argv[0]}: {error.strerror}") from error
        timed_out = _wait(process, timeout)
        size = out.tell()
        out.seek(0)
        err.seek(0)
        text = err.read(2**20).decode("utf-8", "replace")
        return Outcome(
            process.returncode, out.read(MAX_OUTPUT), text, timed_out, truncated=size > MAX_OUTPUT
        )


def _wait(process: Popen[bytes], timeout: float) -> bool:
    """Whether the program had to be killed, because it ran longer than `timeout`."""
    try:
        in_time = _ends(process, timeout)
        if not in_time:
            _kill(process)
        process.wait()
    except BaseException:
        _kill(process)
        process.wait()
        raise
    return not in_time


def _ends(process: Popen[bytes], timeout: float) -> bool:
    """Whether the program ends within `timeout`. Linux tells at once; elsewhere `Popen.wait` looks
    again and again, with pauses that are longer than most calls of git."""
    from subprocess import TimeoutExpired

    try:
        handle = os.pidfd_open(process.pid)
    except (AttributeError, OSError):  # not on Linux, or before 5.3, or not allowed here
        try:
            process.wait(timeout)
        except TimeoutExpired:
            return False
        return True
    try:
        watch = select.poll()
        watch.register(handle, select.POLLIN)
        return bool(watch.poll(timeout * 1000))
    finally:
        os.close(handle)


def _kill(process: Popen[bytes]) -> None:
    """Kill the whole process group: a plugin's children must not outlive the run."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()
