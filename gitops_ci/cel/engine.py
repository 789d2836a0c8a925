"""Expressions to programs to values. The evaluator is imported when the first policy needs it."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from msgspec import Struct

from gitops_ci.cel.function import NO_WAY_BACK, type_of
from gitops_ci.cel.libraries.native import REDECLARED
from gitops_ci.cel.library import (
    EXTENSIONS,
    NATIVE_EXTENSIONS,
    declarations,
    implementations,
)
from gitops_ci.cel.optionals import with_optionals
from gitops_ci.cel.syntax import Node, essence, part_of, tree_of
from gitops_ci.model.regex import regex

EXTRA = "policy"
"""The extra of the package that brings the evaluator."""
_PROBLEM = regex(r"ERROR: <input>:(-?\d+):(-?\d+): (.*)$", re.MULTILINE)
_TOO_DEEP = regex(r"\brecursion (?:depth|limit)\b")
_STATUS = regex(r"^[A-Z_]+: | \[[A-Z_]+\]$")


class Problem(Struct, frozen=True):
    """What is wrong with an expression; line and column count from 1 inside of it."""

    message: str
    line: int
    column: int


class CompileError(Exception):
    """An expression that is no CEL; `problems` are all that the checker found. `unsupported` means
    that it may well be, and that the evaluator takes no expression of such depth."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems
        self.unsupported = any(_TOO_DEEP.search(problem.message) for problem in problems)


class EvaluationError(Exception):
    """An expression that has no value for these inputs; the text says why. `unsupported` means
    that a cluster may well have a value."""

    def __init__(self, text: str) -> None:
        super().__init__(_STATUS.sub("", text.partition("\n")[0]))
        self.unsupported = NO_WAY_BACK in text or "Non-CEL value type" in text


class NotInstalledError(Exception):
    """The evaluator is not installed."""


Scope = Any
"""Values by name as the evaluator holds them, for many evaluations."""


class Program:
    """A compiled expression. `names` are the variables that it may ask for, `tree` is what it says
    with macros unfolded."""

    __slots__ = ("_error", "_expression", "_parts", "names", "result", "serialized", "tree")

    def __init__(self, expression: Any, serialized: bytes, result: str, tree: Node) -> None:
        self.serialized = serialized
        self.result = result
        self._expression = expression
        self._error = _module().Type.ERROR
        self.tree = tree
        self._parts: dict[bytes, Program] = {}
        self.names = frozenset(tree.names())

    def part(self, node: Node) -> Program:
        """One of the expressions in it as a program; names that it binds are to be provided.
        Raises CompileError."""
        found = self._parts.get(node.data)
        if found is None:
            made = program(part_of(self.serialized, node))
            found = self._parts[node.data] = made
        return found

    def __call__(self, scope: Scope) -> Any:
        """The value in Python's types. Raises EvaluationError."""
        try:
            value = self._expression.eval(scope)
            plain = value.plain_value()
            # an error comes as a text, so a truth needs no second look
            failed = not isinstance(plain, bool) and value.type() == self._error
        except (RuntimeError, TypeError) as error:
            raise EvaluationError(str(error)) from None
        if failed:
            raise EvaluationError(str(plain))
        return plain


class Environment:
    """Compiles expressions that may name `variables`, by name with their CEL types."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._checker = _checker(tuple(sorted(variables.items())))

    def compile(self, text: str) -> Program:
        """The program of an expression. Raises CompileError."""
        try:
            checked = self._checker.compile(text)
        except RuntimeError as error:
            raise CompileError(_problems(str(error))) from None
        except TypeError:  # what the library says of half a surrogate pair
            raise CompileError((Problem("the text is no valid Unicode", 1, 1),)) from None
        serialized = essence(checked.serialize())
        tree = tree_of(serialized)
        rewritten = with_optionals(serialized, tree)
        result = checked.return_type().name()
        return program(rewritten, result, tree if rewritten is serialized else None)


def program(serialized: bytes, result: str = "DYN", tree: Node | None = None) -> Program:
    """The program of a checked expression of type `result` in its serialized form; `tree` is its
    own where it is known already."""
    try:
        expression = _runner().deserialize(serialized)
    except RuntimeError as error:
        raise CompileError((Problem(str(error), 1, 1),)) from None
    return Program(expression, serialized, result, tree or tree_of(serialized))


def scope(values: Mapping[str, Any]) -> Scope:
    """The values for evaluations. An integer beyond 64 bits is an error where it is read."""
    return _runner().Activation(dict(values))


def is_installed() -> bool:
    """Whether the evaluator and what it needs can be imported."""
    try:
        _module()
        importlib.import_module("re2")
    except (ImportError, NotInstalledError):
        return False
    return True


def _problems(text: str) -> tuple[Problem, ...]:
    found = tuple(
        Problem(match[3], max(1, int(match[1])), max(1, int(match[2])))
        for match in _PROBLEM.finditer(text)
    )
    return found or (Problem(_STATUS.sub("", text.partition("\n")[0]), 1, 1),)


@cache
def _module() -> Any:
    try:
        return importlib.import_module("cel_expr_python.cel")  # its stubs want protobuf's
    except ImportError as error:
        raise NotInstalledError(str(error)) from error


@cache
def _checker(variables: tuple[tuple[str, str], ...]) -> Any:
    """An environment that knows every type and implements nothing."""
    module = _module()
    configuration = {
        "stdlib": {"exclude_functions": [{"name": name} for name in REDECLARED]},
        "extensions": [{"name": name} for name in EXTENSIONS],
        "functions": declarations(),
        "variables": [{"name": name, **type_of(word)} for name, word in variables],
    }
    return module.NewEnv(config=module.NewEnvConfigFromYaml(json.dumps(configuration)))


@cache
def _runner() -> Any:
    """An environment that evaluates what was checked elsewhere, and so needs no exact types."""
    module = _module()
    names = {
        "bool": module.Type.BOOL,
        "int": module.Type.INT,
        "uint": module.Type.UINT,
        "double": module.Type.DOUBLE,
        "string": module.Type.STRING,
        "bytes": module.Type.BYTES,
        "null_type": module.Type.NULL,
        "list": module.Type.List(module.Type.DYN),
        "map": module.Type.Map(module.Type.DYN, module.Type.DYN),
        "duration": module.Type.DURATION,
        "timestamp": module.Type.TIMESTAMP,
    }
    functions = [
        module.FunctionDecl(
            name,
            [
                module.Overload(
                    f"{name}_{number}",
                    names.get(result, module.Type.DYN),
                    [names[kind] for kind in kinds],
                    is_method,
                    implementation,
                )
                for number, (is_method, kinds, result, implementation) in enumerate(overloads)
            ],
        )
        for name, overloads in implementations().items()
    ]
    extensions = [{"name": name} for name in (*EXTENSIONS, *NATIVE_EXTENSIONS)]
    configuration = module.NewEnvConfigFromYaml(json.dumps({"extensions": extensions}))
    return module.NewEnv(config=configuration, functions=functions)
