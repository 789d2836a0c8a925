"""Who has the last word on a setting.

built-in < file < environment (`GITOPS_CI_*`) < action input (`INPUT_*`, empty means unset) < flag
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from gitops_ci.config.load import Loaded
from gitops_ci.config.model import Config
from gitops_ci.config.places import layered
from gitops_ci.model.errors import UsageError
from gitops_ci.model.span import Location

if TYPE_CHECKING:
    from gitops_ci.config.fields import FieldInfo
    from gitops_ci.config.keys import Key

_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


class Source(IntEnum):
    """Where a value comes from; a larger one wins."""

    BUILT_IN = 0
    FILE = 1
    ENVIRONMENT = 2
    INPUT = 3
    FLAG = 4


class Candidate(Struct, frozen=True):
    """A value that somebody gave a setting, in YAML form, and where; `place` is for people."""

    source: Source
    place: str
    value: Any


class Binding(Struct, frozen=True):
    """An option of the command line (without dashes) and the config key that it overrides."""

    option: str
    key: str


class Settled(Struct, frozen=True):
    """The config under everything that overrides it. `chains` holds, for each bound key, what was
    given beyond the files, weakest first."""

    config: Config
    chains: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)


def environment_name(option: str) -> str:
    """The variable that sets an option: `GITOPS_CI_FAIL_ON` for `fail-on`."""
    return f"GITOPS_CI_{option.upper().replace('-', '_')}"


def input_name(option: str) -> str:
    """The variable in which a runner hands over the action's input: `INPUT_FAIL-ON`."""
    return f"INPUT_{option.upper().replace(' ', '_')}"


def given_beyond_files(
    option: str,
    environ: Mapping[str, str],
    inputs: Mapping[str, str],
    flags: Mapping[str, Any],
) -> tuple[Candidate, ...]:
    """What was given for an option, weakest first. `flags` holds only the options that stand on
    the command line, by their long names; empty variables and inputs mean unset."""
    named = (
        (Source.ENVIRONMENT, environment_name(option), environ),
        (Source.INPUT, input_name(option), inputs),
    )
    texts = [
        Candidate(source, name, values[name].strip())
        for source, name, values in named
        if values.get(name, "").strip()
    ]
    if option in flags:
        return (*texts, Candidate(Source.FLAG, f"--{option}", flags[option]))
    return tuple(texts)


def settle(
    loaded: Loaded,
    bindings: Iterable[Binding],
    environ: Mapping[str, str],
    inputs: Mapping[str, str],
    flags: Mapping[str, Any],
) -> Settled:
    """The config of `loaded` under environment, inputs and flags. Raises UsageError that names
    every value that is wrong."""
    config, faults = loaded.config, []
    chains: dict[str, tuple[Candidate, ...]] = {}
    for binding in bindings:
        candidates = given_beyond_files(binding.option, environ, inputs, flags)
        if not candidates:
            continue
        from gitops_ci.config.decode import decode_setting
        from gitops_ci.config.keys import parse_key

        key = parse_key(binding.key)
        winner = candidates[-1]
        value, problems = decode_setting(key.info, typed(key.info, winner.value))
        faults += [f"{winner.place}: {problem}" for problem in problems]
        if not problems:
            config = _with(config, key, value)
        chains[binding.key] = candidates
    if faults:
        raise UsageError("; ".join(faults))
    return Settled(config, chains)


def typed(info: FieldInfo, value: Any) -> Any:
    """The text of a variable or flag as YAML would have it: lists are split at commas and line
    ends, and a mere number where a duration is meant counts seconds. What does not fit the type
    stays a text, for decoding to report."""
    if not isinstance(value, str):
        return list(value) if isinstance(value, tuple) else value
    word = value.lower()
    if info.type is bool and word in (*_TRUE, *_FALSE):
        return word in _TRUE
    if info.is_list:
        return [part.strip() for part in value.replace("\n", ",").split(",") if part.strip()]
    if info.type is int and value.isdecimal():
        return int(value)
    if info.setting.kind == "duration" and value.isdecimal():
        return f"{value}s"
    return value


def in_files(loaded: Loaded, key: Key) -> tuple[Candidate, ...]:
    """The built-in value and what each file says about the key, weakest first."""
    from gitops_ci.config.keys import value_at

    result = [Candidate(Source.BUILT_IN, "built-in", key.builtin())]
    for source in loaded.layers.sources:
        layers = layered((source,))
        there, value = value_at(layers.value, key.route)
        if there and value is not None:
            place = spelled(layers.place(key.route, "key"))
            result.append(Candidate(Source.FILE, place, value))
    return tuple(result)


def spelled(place: Location) -> str:
    """`path:line:column`, as far as it is known."""
    span = place.span
    return f"{place.path}:{span.line}:{span.column}" if span else place.path


def _with(config: Any, key: Key, value: Any) -> Any:
    """A copy of the config with another value at the key, which leads through sections only."""
    from gitops_ci.config.fields import fields_of

    names = []
    section: Any = Config
    for step in key.route:
        info = next(item for item in fields_of(section) if item.yaml == step)
        names.append(info.name)
        section = info.type
    return _replaced(config, names, value)


def _replaced(section: Any, names: list[str], value: Any) -> Any:
    name, *rest = names
    return replace(
        section, **{name: _replaced(getattr(section, name), rest, value) if rest else value}
    )
