"""What the engines of a team say about themselves: whether it fits together."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.config import rules
from gitops_ci.config.keys import value_at
from gitops_ci.config.model import Config
from gitops_ci.config.model_policy import ENGINE_KEYS, EngineConfig
from gitops_ci.config.places import Layered
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.rule import Rule

OBJECTS_PLACEHOLDER = "{objects}"
"""What stands in a command for the folder with the objects."""

_Fault = tuple[Rule, str, str, str]


def check_policies(config: Config, layers: Layered) -> tuple[Finding, ...]:
    """The faults of `policy.engines`: no engine or several in one entry, a command that cannot be
    one."""
    return tuple(
        found(
            rule,
            message,
            layers.place(("policy", "engines", index, *([key] if key else []))),
            hint=hint,
            key=f"policy.engines[{index}].{key}",
        )
        for index, engine in enumerate(config.policy.engines)
        for rule, message, key, hint in _faults(engine, _written(layers, index))
    )


def _written(layers: Layered, index: int) -> tuple[str, ...]:
    """The engines that the entry names, rightly or not: decoding reports wrong values."""
    _, entry = value_at(layers.value, ("policy", "engines", index))
    return tuple(key for key in ENGINE_KEYS if isinstance(entry, dict) and entry.get(key))


def _faults(engine: EngineConfig, given: tuple[str, ...]) -> Iterator[_Fault]:
    if not given:
        words = ", ".join(ENGINE_KEYS)
        yield rules.MISSING_KEY, "the entry names no engine", "", f"write one of {words}"
    for key in given[1:]:
        message = f"'{key}' stands beside '{given[0]}'"
        yield rules.BAD_VALUE, message, key, "write an entry of its own for each engine"
    if given == ("command",) and engine.command:
        yield from _command(engine.command)
    elif engine.namespaces and given != ("conftest",):
        message = "only conftest has namespaces"
        yield rules.BAD_VALUE, message, "namespaces", "take them away"


def _command(words: tuple[str, ...]) -> Iterator[_Fault]:
    program = words[0]
    if not program or ("/" in program and not program.startswith("/")):
        message = f"'{program}' is no program on the PATH"
        hint = "nothing that lies in the repository is run: install it, and write its name"
        yield rules.BAD_VALUE, message, "command", hint
    if not any(OBJECTS_PLACEHOLDER in word for word in words[1:]):
        message = f"the command does not say where {OBJECTS_PLACEHOLDER} go"
        hint = f"write {OBJECTS_PLACEHOLDER} where the program expects a folder with manifests"
        yield rules.BAD_VALUE, message, "command", hint
