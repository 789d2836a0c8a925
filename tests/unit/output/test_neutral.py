"""No text that we print is a command to the runner; no command is understood differently."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.output.commands import MAX_MESSAGE, Command, Name, annotation
from gitops_ci.output.neutral import neutralise
from tests.support.command_parser import REGISTERED, Parsed, commands_in, parse

TOKENS = [
    "::", ":", "##[", "##", "#", "[", "]", "add-mask", "error", "stop-commands", "set-env name=A",
    " ", "\t", "\n", "\r", "\r\n", "\x00", "\x1b[0m", "\u200b", "\ufeff", "\u00a0", "\u2028",
    "\u202e", "\u00ad", "\x85", "%3A", "%0A", "x",
]  # fmt: skip
HOSTILE = st.lists(st.sampled_from(TOKENS) | st.text(max_size=3), max_size=24).map("".join)

COMMANDS = [
    "::error::x",
    "  \t::add-mask::x",
    "\u00a0::debug::x",
    "\u2028::debug::x",
    "fine\n::set-output name=a::b",
    "fine\r::warning file=a::b",
    "message ##[add-mask]x",
    "###[error]x",
    "\u200b::error::x",
    ":\u200b:error::x",
    "a #\u00ad#\ufeff[error]x",
    "\x00::stop-commands::x",
]

HARMLESS = [
    "",
    "key: value",
    "address fe80::1 and std::vector::push_back",
    "  - a::b",
    "## [heading]",
    "#[derive(Debug)]",
    "a: # comment [see]",
    "##\n[x]",
]


@pytest.mark.parametrize("text", COMMANDS)
def test_commands_are_broken(text: str) -> None:
    assert commands_in(text)
    assert commands_in(neutralise(text)) == []


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_is_left_alone(text: str) -> None:
    assert neutralise(text) == text


@given(HOSTILE)
def test_nothing_is_a_command_afterwards(text: str) -> None:
    once = neutralise(text)
    assert commands_in(once) == []
    assert neutralise(once) == once
    assert once.replace(" ", "") == text.replace(" ", "")


def test_long_text_takes_linear_time() -> None:
    text = (" " * 20_000 + "\u200b" * 20_000 + "#" * 20_000 + "\n") * 20
    assert neutralise(text) == text


@given(HOSTILE, HOSTILE, HOSTILE)
def test_a_command_arrives_as_it_was_sent(message: str, path: str, title: str) -> None:
    title += "."  # the runner trims the last property
    command = annotation(Name.ERROR, message, path=path, line=3, title=title)
    assert "\n" not in command.line
    assert "\r" not in command.line
    expected = {"file": path, "title": title, "line": "3" if path else ""}
    properties = {key: value for key, value in expected.items() if value}
    assert parse(command.line) == Parsed("error", message, properties)


@pytest.mark.parametrize(
    ("command", "line"),
    [
        (Command(Name.ENDGROUP), "::endgroup::"),
        (Command(Name.GROUP, "50% done\nnext"), "::group::50%25 done%0Anext"),
        (Command(Name.MASK, "a:b,c"), "::add-mask::a:b,c"),
        (
            annotation(Name.WARNING, "m", path="a,b: c%.yaml", line=2, column=3, end_column=9),
            "::warning file=a%2Cb%3A c%25.yaml,line=2,col=3,endColumn=9::m",
        ),
        (
            annotation(Name.NOTICE, "m", path="a", line=2, end_line=4, column=3, end_column=9),
            "::notice file=a,line=2,endLine=4::m",
        ),
        (annotation(Name.ERROR, "m", line=2), "::error::m"),
    ],
)
def test_the_line_of_a_command(command: Command, line: str) -> None:
    assert command.line == line


@pytest.mark.parametrize("path", ["a,b.yaml", "a:b.yaml", "100%.yaml", "a b.yaml", "a%2Cb.yaml"])
def test_an_odd_path_arrives(path: str) -> None:
    parsed = parse(annotation(Name.ERROR, "m", path=path, line=2).line)
    assert parsed == Parsed("error", "m", {"file": path, "line": "2"})


@pytest.mark.parametrize("char", ["a", "\U0001f600", "ä"])
def test_a_message_is_cut_where_the_runner_would(char: str) -> None:
    message = parse(annotation(Name.ERROR, char * (MAX_MESSAGE + 1)).line)
    assert message is not None
    assert len(message.data.encode("utf-16-le")) // 2 in (MAX_MESSAGE - 1, MAX_MESSAGE)
    assert message.data.endswith("…")
    assert set(message.data) == {char, "…"}


def test_only_harmless_commands_exist() -> None:
    harmless = {"error", "warning", "notice", "group", "endgroup", "debug", "add-mask"}
    assert {name.value for name in Name} == harmless
    assert harmless < REGISTERED
