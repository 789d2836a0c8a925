"""Expressions that are compiled at their first use behave as if they had been all along."""

from __future__ import annotations

import pickle
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import gitops_ci
from gitops_ci.model.regex import regex

PACKAGE = Path(gitops_ci.__file__).parent


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("match", ("ab1c",)),
        ("match", ("ab1c", 1)),
        ("fullmatch", ("ab",)),
        ("search", ("-ab-",)),
        ("sub", ("<>", "ab1cd")),
        ("subn", ("<>", "ab1cd")),
        ("split", ("a1b1c",)),
        ("findall", ("ab1cd",)),
        ("finditer", ("ab1cd",)),
    ],
)
def test_every_method_is_that_of_the_expression(method: str, rest: tuple[Any, ...]) -> None:
    lazy, plain = regex(r"[a-z]+", re.ASCII), re.compile(r"[a-z]+", re.ASCII)
    for _ in range(2):
        found, expected = getattr(lazy, method)(*rest), getattr(plain, method)(*rest)
        if method == "finditer":
            found, expected = [m.span() for m in found], [m.span() for m in expected]
        assert str(found) == str(expected)


def test_what_it_says_of_itself() -> None:
    lazy = regex(rb"(?P<name>a)(b)", re.IGNORECASE)

    assert lazy.pattern == rb"(?P<name>a)(b)"
    assert (lazy.groups, dict(lazy.groupindex), lazy.flags) == (2, {"name": 1}, re.IGNORECASE)
    assert not hasattr(lazy, "no_such_thing")


@pytest.mark.parametrize("used", [False, True])
def test_it_goes_to_another_process(used: bool) -> None:
    lazy = regex("(?P<name>B+)", re.IGNORECASE)
    if used:
        lazy.search("")

    again = pickle.loads(pickle.dumps(lazy))

    assert again.search("abba").span() == (1, 3)


def test_nothing_is_compiled_before_it_is_used() -> None:
    faulty = regex("(")

    with pytest.raises(re.error):
        faulty.search("")


@pytest.mark.full
def test_every_expression_of_the_package_compiles() -> None:
    names = [path.relative_to(PACKAGE.parent).with_suffix("") for path in PACKAGE.rglob("*.py")]
    modules = [import_module(".".join(name.parts)) for name in names if name.stem != "__main__"]
    kinds = type(regex("a")).__mro__[:2]

    expressions = [value for module in modules for value in vars(module).values()]
    lazy: list[Any] = [value for value in expressions if isinstance(value, kinds)]

    assert len(lazy) > 300
    assert all(isinstance(value.groups, int) for value in lazy)
