"""Streams: what goes where, and what happens when they fail."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from gitops_ci.output.commands import Command, Name
from gitops_ci.output.progress import TerminalProgress
from gitops_ci.output.redactor import Redactor
from gitops_ci.output.sink import Level, Sink, is_terminal
from tests.support.command_parser import commands_in
from tests.unit.output.test_neutral import HOSTILE


class Streams:
    """A Sink over two buffers."""

    def __init__(self, **details: Any) -> None:
        self.out, self.err = io.BytesIO(), io.BytesIO()
        self.sink = Sink(self.out, self.err, **details)

    @property
    def texts(self) -> tuple[str, str]:
        return self.out.getvalue().decode("utf-8"), self.err.getvalue().decode("utf-8")


class Failing(io.RawIOBase):
    """A stream whose reader is gone, or whose disk is full."""

    def __init__(self, error: OSError) -> None:
        self.error, self.calls = error, 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.calls += 1
        raise self.error


def test_results_and_log_are_apart() -> None:
    streams = Streams(level=Level.INFO)
    streams.sink.result("one\n")
    streams.sink.result("two")
    streams.sink.log("loading")
    streams.sink.log("quiet", Level.DEBUG)
    assert streams.texts == ("one\ntwo\n", "loading\n")


def test_log_shows_control_characters() -> None:
    streams = Streams(level=Level.INFO)
    streams.sink.log("a\x1b[2J\u202eb\nc\rd")
    assert streams.texts == ("", "a\\x1b[2J\\u202eb\nc\nd\n")


def test_odd_text_and_bytes_are_written() -> None:
    streams = Streams()
    streams.sink.result("name \udc80")
    streams.sink.result(b"raw \xff\n")
    assert streams.out.getvalue() == b"name \\udc80\nraw \xff\n"


def test_commands_only_for_the_runner() -> None:
    for runner, expected in ((False, ""), (True, "::notice::hello\n")):
        streams = Streams(runner=runner)
        streams.sink.command(Command(Name.NOTICE, "hello"))
        assert streams.texts == ("", expected)


def test_debug_log_is_a_command_on_the_runner() -> None:
    streams = Streams(runner=True)
    streams.sink.log("a\nb", Level.DEBUG)
    assert streams.texts == ("", "::debug::a%0Ab\n")


def test_a_masked_value_is_hidden_from_then_on() -> None:
    streams = Streams(runner=True)
    streams.sink.command(Command(Name.MASK, "hunter2"))
    streams.sink.command(Command(Name.ERROR, "it is hunter2"))
    streams.sink.result("hunter2 and aHVudGVyMg==\n")
    assert streams.texts == ("*** and ***\n", "::add-mask::hunter2\n::error::it is ***\n")


def test_a_saved_file_is_redacted(tmp_path: Path) -> None:
    streams = Streams(redactor=Redactor(["hunter2"]), runner=True)
    streams.sink.save(tmp_path / "a.txt", "it is hunter2 \udc80\n::error::x")
    streams.sink.save(tmp_path / "b.bin", b"\xffhunter2")
    assert (tmp_path / "a.txt").read_bytes() == b"it is *** \\udc80\n::error::x"
    assert (tmp_path / "b.bin").read_bytes() == b"\xff***"


@given(HOSTILE)
def test_nothing_untrusted_is_a_command(text: str) -> None:
    streams = Streams(runner=True, level=Level.INFO)
    streams.sink.result(text)
    streams.sink.result(text.encode("utf-8", "surrogatepass"))
    streams.sink.log(text)
    streams.sink.styled(text)
    streams.sink.transient(text)
    assert commands_in(streams.out.getvalue().decode("utf-8", "surrogateescape")) == []
    assert commands_in(streams.texts[1]) == []


def test_a_result_that_goes_to_a_file_keeps_its_bytes() -> None:
    with tempfile.TemporaryFile() as file:
        Sink(file, io.BytesIO(), runner=True).result("::error::x\n")
        file.seek(0)
        assert file.read() == b"::error::x\n"


def test_a_closed_pipe_is_quiet() -> None:
    stream = Failing(BrokenPipeError(32, "Broken pipe"))
    sink = Sink(stream, io.BytesIO())
    sink.result("a")
    sink.result("b")
    assert stream.calls == 1
    assert sink.trouble == ""


def test_a_real_closed_pipe_is_quiet() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as stream:
        sink = Sink(stream, io.BytesIO())
        sink.result("a" * 100_000)
        sink.result("b")
    assert sink.trouble == ""


def test_a_full_disk_is_said_and_remembered() -> None:
    stream = Failing(OSError(28, "No space left on device"))
    err = io.BytesIO()
    sink = Sink(stream, err)
    sink.result("a")
    sink.log("still here", Level.ERROR)
    assert sink.trouble == "output could not be written: No space left on device"
    assert err.getvalue().decode().splitlines() == [sink.trouble, "still here"]


def test_progress_is_patient_short_and_removed() -> None:
    now = iter([0.0, 0.1, 0.5, 0.55, 0.7])
    streams = Streams()
    progress = TerminalProgress(streams.sink, columns=20, clock=lambda: next(now))
    progress.step("early", 1, 9)
    progress.step("rendering many roots", 2, 9)
    progress.step("too soon", 3, 9)
    progress.step("reading", 4, 0)
    progress.end()
    progress.end()
    shown = "\r\x1b[2Krendering many roo…\r\x1b[2Kreading 4\r\x1b[2K"
    assert streams.texts == ("", shown)


def test_progress_gives_way_to_results() -> None:
    streams = Streams()
    streams.sink.transient("working")
    streams.sink.result("done")
    streams.sink.log("end", Level.ERROR)
    assert streams.texts == ("done\n", "\r\x1b[2Kworking\r\x1b[2Kend\n")


@pytest.mark.parametrize(("word", "level"), [("debug", Level.DEBUG), ("error", Level.ERROR)])
def test_levels_by_word(word: str, level: Level) -> None:
    assert Level.of(word) is level


def test_a_buffer_is_no_terminal() -> None:
    closed = io.BytesIO()
    closed.close()
    assert not is_terminal(io.BytesIO())
    assert not is_terminal(closed)
