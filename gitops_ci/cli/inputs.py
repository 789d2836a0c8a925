"""The action's inputs to an argv. An empty input means unset; nothing is split by a shell."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gitops_ci.model.errors import UsageError
from gitops_ci.steps.option import Declared, declared
from gitops_ci.steps.registry import STEPS, Entry

_YES = frozenset({"true", "yes", "1", "on"})
_NO = frozenset({"false", "no", "0", "off"})
GLOBALS = (("working-directory", "-C"), ("config", "--config"), ("log-level", "--log-level"))
"""Inputs that come before the command."""


def variable(name: str) -> str:
    """The variable in which the runner hands over the input `name`: spaces become underscores and
    letters upper case; hyphens stay (actions/runner, ContainerActionHandler)."""
    return "INPUT_" + name.replace(" ", "_").upper()


def plain_variable(name: str) -> str:
    """The variable in which a GitLab job hands over the input `name`: its names hold letters,
    digits and underscores only."""
    return "GITOPS_CI_INPUT_" + name.replace("-", "_").upper()


def argv_of(
    environ: Mapping[str, str], command: str = "", named: Callable[[str], str] = variable
) -> list[str]:
    """The command line that the inputs ask for: `command`, else the input of that name, else
    `check`. `named` gives the variable of an input. Raises UsageError, naming the input."""

    def value_of(name: str) -> str:
        return environ.get(named(name), "").lstrip("\ufeff").strip()

    entry = _entry(command or value_of("command") or "check")
    words: list[str] = []
    for name, flag in GLOBALS:
        if value_of(name):
            words += [flag, value_of(name)]
    words += entry.name.split()
    positional: list[str] = []
    for item in declared(entry.load().Inputs):
        if not item.option.action:
            continue
        value = value_of(item.flag.removeprefix("--"))
        if not value:
            continue
        if item.option.positional:
            positional += _lines(value) if item.repeatable else [value]
        else:
            words += _words(item, value)
    return [*words, *(["--", *positional] if positional else [])]


def _entry(name: str) -> Entry:
    for item in STEPS:
        if item.name == name:
            return item
    raise UsageError(f"input `command`: there is no command {name!r}", "see the list of commands")


def _words(item: Declared, value: str) -> list[str]:
    name = item.flag.removeprefix("--")
    if item.kind is bool:
        if value.lower() in _YES:
            return [item.flag]
        if value.lower() in _NO:
            return []
        raise UsageError(f"input `{name}`: {value!r} is neither true nor false")
    values = _lines(value) if item.repeatable else [value]
    if item.option.choices and not item.option.commas and value not in item.option.choices:
        known = ", ".join(item.option.choices)
        raise UsageError(f"input `{name}`: {value!r} is none of: {known}")
    return [f"{item.flag}={part}" for part in values]


def _lines(value: str) -> list[str]:
    return [line.strip() for line in value.splitlines() if line.strip()]
