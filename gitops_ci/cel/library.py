"""All functions of the Kubernetes environment, as the checker and as the evaluator want them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from typing import Any

from gitops_ci.cel.function import KINDS, Function, Implementation, kind_of, plain
from gitops_ci.cel.libraries import (
    addresses,
    formats,
    lists,
    native,
    quantity,
    regexes,
    semver,
    urls,
)

FUNCTIONS: tuple[Function, ...] = (
    *native.FUNCTIONS,
    *quantity.FUNCTIONS,
    *urls.FUNCTIONS,
    *addresses.FUNCTIONS,
    *semver.FUNCTIONS,
    *formats.FUNCTIONS,
    *regexes.FUNCTIONS,
    *lists.FUNCTIONS,
)
"""What a policy can call beyond the standard library and the extensions below."""
EXTENSIONS = (
    "lists",
    "sets",
    "two-var-comprehensions",
    "bindings",
    "optional",
    "math",
    "encoders",
)
"""The extensions of CEL that Kubernetes has too, by the evaluator's names."""
NATIVE_EXTENSIONS = ("strings",)
"""Extensions that run in the evaluator, but are declared by us (`libraries.native`)."""
OPTIONAL = frozenset(function.name for function in FUNCTIONS if function.optional)
"""Functions whose empty result is `optional.none()`."""

_MAP_KEYS = ("bool", "int", "uint", "string")
_INSERT = (
    plain(
        "cel.@mapInsert",
        "map<dyn,dyn> map<dyn,dyn>",
        "map<dyn,dyn>",
        lambda into, other: {**into, **other},
    ),
    *(
        plain(
            "cel.@mapInsert",
            f"map<dyn,dyn> {key} dyn",
            "map<dyn,dyn>",
            lambda into, key, value: {**into, key: value},
        )
        for key in _MAP_KEYS
    ),
)
"""What the two-variable macros `transformMap` and `transformMapEntry` unfold to. The evaluator
declares it, but has it only for other builds."""


def declarations() -> list[dict[str, Any]]:
    """The functions as the checker's configuration names them."""
    by_name: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for function in FUNCTIONS:
        by_name[function.name].append(function.declaration())
    return [{"name": name, "overloads": overloads} for name, overloads in by_name.items()]


Overload = tuple[bool, tuple[str, ...], str, Implementation]
"""Whether it is a method, the kinds of its parameters, its type, what to call."""


def implementations() -> dict[str, list[Overload]]:
    """What the evaluator calls, by the name of the function."""
    found: dict[tuple[str, bool, tuple[str, ...]], list[Function]] = defaultdict(list)
    for function in (*FUNCTIONS, *_INSERT):
        if function.implementation is None:
            continue
        for kinds in product(*map(_kinds, function.parameters)):
            found[function.name, bool(function.target), kinds].append(function)
    result: dict[str, list[Overload]] = defaultdict(list)
    for (name, is_method, kinds), functions in found.items():
        types = {function.result for function in functions}
        one = types.pop() if len(types) == 1 else "dyn"
        result[name].append((is_method, kinds, one, _chosen(name, functions)))
    return dict(result)


def _kinds(word: str) -> Iterator[str]:
    name = word.partition("<")[0]
    if name == "dyn" or name.startswith("~"):
        yield from KINDS
    else:
        yield name if name in KINDS else "map"


def _chosen(name: str, functions: list[Function]) -> Implementation:
    """What to call where several overloads take the same kinds of value: the opaque types of the
    arguments decide."""
    first = functions[0].implementation
    assert first is not None
    if all(function.implementation is first for function in functions):
        return first
    by_types = {function.parameters: function.implementation for function in functions}

    def call(*arguments: Any) -> Any:
        for parameters, implementation in by_types.items():
            if implementation is not None and all(map(_fits, parameters, arguments)):
                return implementation(*arguments)
        message = f"no such overload: {name}"
        raise ValueError(message)

    return call


def _fits(parameter: str, argument: Any) -> bool:
    kind = kind_of(argument)
    return kind == parameter if "." in parameter else not kind
