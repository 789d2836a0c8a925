"""argv to a step's Inputs. The parser is derived from what the steps declare."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from msgspec import Struct

from gitops_ci import __version__
from gitops_ci.model.errors import UsageError
from gitops_ci.steps.option import Declared, declared
from gitops_ci.steps.registry import STEPS, Entry

PROGRAM = "gitops-ci"
LOG_LEVELS = ("error", "warning", "info", "debug")


class Command(Struct, frozen=True):
    """What the user asked for. `given` holds only the options that stand on the command line."""

    entry: Entry
    given: Mapping[str, Any]
    directory: str
    config: str
    log_level: str


class HelpRequestedError(Exception):
    """The user asked for help or the version; `text` is the answer."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class _Parser(argparse.ArgumentParser):
    """Raises UsageError instead of ending the process, HelpRequestedError instead of printing."""

    def print_help(self, _file: Any = None) -> NoReturn:
        raise HelpRequestedError(self.format_help())

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, f"see {self.prog} --help")


def _formatter(prog: str) -> argparse.HelpFormatter:
    """Help of a width of its own: each option that is added would ask for the terminal's."""
    return argparse.HelpFormatter(prog, max_help_position=32, width=100)


def parse(argv: Sequence[str]) -> Command:
    """The command that `argv` (without the program's name) asks for. Raises UsageError, and
    HelpRequestedError for `--help` and `--version`."""
    head, rest = _global_parser().parse_known_args(list(argv))
    if rest[:1] == ["--version"]:
        raise HelpRequestedError(f"{PROGRAM} {__version__}\n")
    if head.help and not rest:
        raise HelpRequestedError(overview())
    if not rest:
        raise UsageError("no command given", f"see {PROGRAM} --help")
    entry, words = _entry_of(rest)
    own = {item.flag for item in declared(entry.load().Inputs)}
    if "--version" in words and "--version" not in own:
        raise HelpRequestedError(f"{PROGRAM} {__version__}\n")
    parser = command_parser(entry)
    if head.help:
        words = [*words, "--help"]
    given = vars(parser.parse_args(words))
    return Command(entry, given, head.directory, head.config, head.log_level)


def _global_parser() -> _Parser:
    parser = _Parser(prog=PROGRAM, add_help=False, allow_abbrev=False, formatter_class=_formatter)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("-C", dest="directory", default=".")
    parser.add_argument("--config", default="")
    parser.add_argument("--log-level", choices=LOG_LEVELS, default="warning")
    return parser


def _entry_of(words: list[str]) -> tuple[Entry, list[str]]:
    """The longest command that the first words spell, and the words behind it."""
    for length in (2, 1):
        name = " ".join(words[:length])
        for item in STEPS:
            if item.name == name:
                return item, words[length:]
    groups = {item.name.partition(" ")[0] for item in STEPS if " " in item.name}
    if words[0] in groups:
        members = [item.name for item in STEPS if item.name.startswith(words[0] + " ")]
        raise UsageError(f"`{words[0]}` needs a second word", "one of: " + ", ".join(members))
    import difflib

    names = [item.name for item in STEPS]
    near = difflib.get_close_matches(words[0], [*names, *groups], 1)
    hint = f"did you mean `{near[0]}`?" if near else f"see {PROGRAM} --help"
    raise UsageError(f"there is no command `{words[0]}`", hint)


def overview() -> str:
    """The text of `gitops-ci --help`."""
    width = max(len(item.name) for item in STEPS) + 2
    lines = [
        f"usage: {PROGRAM} [-C DIR] [--config FILE] [--log-level LEVEL] COMMAND …",
        "",
        "The merge gate and promotion engine for GitOps repositories.",
        "",
        "commands:",
        *(f"  {item.name:<{width}}{item.summary}" for item in STEPS),
        "",
        "options:",
        "  -C DIR                work on the repository in DIR",
        "  --config FILE         read this configuration instead of .gitops-ci.yaml",
        f"  --log-level LEVEL     {', '.join(LOG_LEVELS)}",
        "  --version             print the version",
        "",
        f"`{PROGRAM} COMMAND --help` shows the options of a command.",
        "",
        "exit codes: 0 nothing blocks · 1 findings block · 2 usage or config error",
        "  3 incomplete · 4 an endpoint failed · 5 lost race · 70 bug · 130 interrupted",
    ]
    return "\n".join(lines) + "\n"


def command_parser(entry: Entry) -> argparse.ArgumentParser:
    """The parser of one command. Options that were not given are absent from its result."""
    parser = _Parser(
        prog=f"{PROGRAM} {entry.name}",
        description=entry.summary[:1].upper() + entry.summary[1:] + ".",
        argument_default=argparse.SUPPRESS,
        allow_abbrev=False,
        formatter_class=_formatter,
    )
    for item in declared(entry.load().Inputs):
        _add(parser, item)
    return parser


def _add(parser: argparse.ArgumentParser, item: Declared) -> None:
    text = item.option.help.replace("%", "%%")
    if not item.option.positional and item.default not in ("", (), False, None):
        shown = ",".join(item.default) if isinstance(item.default, tuple) else item.default
        text += f" (default: {shown})"
    details: dict[str, Any] = {"help": text}
    if item.kind is bool:
        parser.add_argument(item.flag, dest=item.name, action="store_true", **details)
        return
    details["metavar"] = item.option.metavar or None
    if item.option.choices and not item.option.commas:
        details["choices"] = item.option.choices
    if item.option.commas:
        details["type"] = _commas(item)
    elif item.kind is not str:
        details["type"] = item.kind
    if item.option.positional:
        if item.repeatable or item.default == "":
            details["nargs"] = "*" if item.repeatable else "?"
        parser.add_argument(item.name, **details)
        return
    if item.repeatable:
        details["action"] = "append"
    parser.add_argument(item.flag, dest=item.name, **details)


def _commas(item: Declared) -> Any:
    def words(text: str) -> tuple[str, ...]:
        parts = tuple(part.strip() for part in text.split(",") if part.strip())
        for part in parts:
            if item.option.choices and part not in item.option.choices:
                known = ", ".join(item.option.choices)
                raise argparse.ArgumentTypeError(f"{part!r} is none of: {known}")
        return parts

    return words


def inputs_of(entry: Entry, given: Mapping[str, Any]) -> Any:
    """The step's Inputs with the given options; lists become tuples."""
    values = {
        name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
    }
    return entry.load().Inputs(**values)
