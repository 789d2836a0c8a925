"""Declare an option once; command line, action inputs and docs are derived from it."""

from __future__ import annotations

from dataclasses import Field, field, fields
from typing import Any, get_type_hints

from msgspec import Struct

_KEY = "option"


class Option(Struct, frozen=True):
    """What surfaces need to know about one field of a step's Inputs.

    `help` is one sentence. `positional` options have no flag. `choices` limits the words; a
    comma-separated option checks each of its words against them. `metavar` names the value in
    `--help`. `config` is the key of the configuration that the option overrides. `action` says
    whether the container action and the GitLab component offer it as an input.
    """

    help: str
    positional: bool = False
    choices: tuple[str, ...] = ()
    metavar: str = ""
    commas: bool = False
    config: str = ""
    action: bool = True


def option(default: Any, help: str, **details: Any) -> Any:
    """A dataclass field with an Option; a tuple default makes it repeatable."""
    return field(default=default, metadata={_KEY: Option(help, **details)})


class Declared(Struct, frozen=True):
    """One option of a step: the name in Python, its type and default, and its description."""

    name: str
    kind: type
    default: Any
    option: Option

    @property
    def flag(self) -> str:
        """The long flag, or the name of a positional."""
        word = self.name.rstrip("_").replace("_", "-")
        return word if self.option.positional else f"--{word}"

    @property
    def repeatable(self) -> bool:
        """Whether the option may be given several times."""
        return isinstance(self.default, tuple) and not self.option.commas


def declared(inputs: type) -> tuple[Declared, ...]:
    """The options of an Inputs dataclass in the order in which they are written."""
    hints = get_type_hints(inputs)
    return tuple(
        _declared(item, hints[item.name]) for item in fields(inputs) if _KEY in item.metadata
    )


def _declared(item: Field[Any], hint: Any) -> Declared:
    kind = bool if hint is bool else int if hint is int else float if hint is float else str
    return Declared(item.name, kind, item.default, item.metadata[_KEY])
