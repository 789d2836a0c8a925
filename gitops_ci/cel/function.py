"""How a CEL function is declared: types for the checker, a Python function for the evaluator."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from msgspec import Struct

Implementation = Callable[..., Any]

KINDS = (
    "bool",
    "int",
    "uint",
    "double",
    "string",
    "bytes",
    "null_type",
    "list",
    "map",
    "duration",
    "timestamp",
)
"""What the evaluator tells apart when it looks for the function to call."""


class Function(Struct, frozen=True, dict=True):
    """One overload. Types are written `list<string>`, `~T` is a type parameter, a name with a
    Kubernetes package is an opaque type. `target` is the receiver of a method. Without
    `implementation` the evaluator has its own; `optional` says that an empty result is
    `optional.none()` to the policy."""

    name: str
    target: str
    arguments: tuple[str, ...]
    result: str
    implementation: Implementation | None = None
    optional: bool = False
    id: str = ""

    @cached_property
    def overload(self) -> str:
        """The id of the overload, unique among all functions."""
        parts = (*((self.target,) if self.target else ()), self.name, *self.arguments)
        return self.id or "k8s_" + "_".join(parts)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The types of receiver and arguments."""
        return (self.target, *self.arguments) if self.target else self.arguments

    def declaration(self) -> dict[str, Any]:
        """The overload as the environment's configuration states it."""
        made: dict[str, Any] = {
            "id": self.overload,
            "args": [type_of(word) for word in self.arguments],
            "return": type_of(self.result),
        }
        if self.target:
            made["target"] = type_of(self.target)
        return made


def plain(
    name: str, arguments: str, result: str, implementation: Implementation | None = None
) -> Function:
    """A function; `arguments` are types separated by blanks."""
    return Function(name, "", tuple(arguments.split()), result, implementation)


def method(
    target: str,
    name: str,
    arguments: str,
    result: str,
    implementation: Implementation | None = None,
) -> Function:
    """A method of `target`; `arguments` are types separated by blanks."""
    return Function(name, target, tuple(arguments.split()), result, implementation)


def type_of(word: str) -> dict[str, Any]:
    """The type that a word such as `map<string,list<string>>` names, as configuration."""
    if word.startswith("~"):
        return {"type_name": word[1:], "is_type_param": True}
    name, _, rest = word.partition("<")
    if not rest:
        return {"type_name": name}
    return {"type_name": name, "params": [type_of(part) for part in _split(rest[:-1])]}


def _split(text: str) -> list[str]:
    """The parts of `text` between commas outside of angle brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "<") - (letter == ">")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def opaque(kind: str, **content: str) -> dict[str, str]:
    """A value of a type that CEL does not know, as the evaluator carries it: a map that a policy
    cannot look into, because the checker takes it for something opaque. Equal content makes equal
    values."""
    return {_TAG: kind, **content}


def content_of(value: object, kind: str) -> dict[str, Any]:
    """What an opaque value holds. Raises ValueError when it is none of that kind."""
    if not isinstance(value, dict) or value.get(_TAG) != kind:
        message = f"no such overload: not a {kind}"
        raise ValueError(message)
    return value


def kind_of(value: object) -> str:
    """The type of an opaque value, empty for any other."""
    tag = value.get(_TAG, "") if isinstance(value, dict) else ""
    return tag if isinstance(tag, str) else ""


NO_WAY_BACK = "the evaluator takes no such value from a library"
"""The text of the error where a value cannot be handed back: no fault of the policy."""
_TAG = "\1type"
"""A key that no manifest has. A map that has it all the same is at worst taken for an opaque value
by a function that the policy calls on `dyn`, and then fails there."""
