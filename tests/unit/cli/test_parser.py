"""argv to a command."""

from __future__ import annotations

import pytest

from gitops_ci import __version__
from gitops_ci.cli.parser import HelpRequestedError, overview, parse
from gitops_ci.model.errors import UsageError
from gitops_ci.steps.registry import STEPS


def test_the_overview_names_every_command() -> None:
    text = overview()
    assert all(f"  {item.name} " in text for item in STEPS)


@pytest.mark.parametrize("argv", [["--help"], ["-h"]])
def test_help(argv: list[str]) -> None:
    with pytest.raises(HelpRequestedError) as caught:
        parse(argv)
    assert caught.value.text == overview()


def test_version() -> None:
    with pytest.raises(HelpRequestedError) as caught:
        parse(["--version"])
    assert caught.value.text == f"gitops-ci {__version__}\n"


@pytest.mark.parametrize("name", [item.name for item in STEPS])
def test_every_command_has_help(name: str) -> None:
    with pytest.raises(HelpRequestedError) as caught:
        parse([*name.split(), "--help"])
    assert caught.value.text.startswith(f"usage: gitops-ci {name}")


def test_only_given_options_are_reported() -> None:
    command = parse(["-C", "x", "check", "--fail-on", "warning", "a", "b", "--k8s", "1.31,1.33"])
    assert (command.entry.name, command.directory) == ("check", "x")
    assert command.given == {"fail_on": "warning", "path": ["a", "b"], "k8s": ("1.31", "1.33")}


WRONG = [
    ([], "no command"),
    (["chekc"], "no command `chekc`"),
    (["baseline"], "needs a second word"),
    (["check", "--fail-on", "often"], "invalid choice"),
    (["check", "--only", "validate,sekrets"], "'sekrets' is none of"),
    (["check", "--fail-o", "error"], "unrecognized"),
    (["--log-level", "loud", "check"], "invalid choice"),
]


@pytest.mark.parametrize(("argv", "words"), WRONG)
def test_wrong_usage(argv: list[str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        parse(argv)


def test_a_near_miss_is_named() -> None:
    with pytest.raises(UsageError) as caught:
        parse(["chekc"])
    assert caught.value.hint == "did you mean `check`?"
