"""Compiled JSON Schemas. The only importer of jsonschema-rs, which costs 20 ms to import."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gitops_ci.schemas.formats import CHECKS
from gitops_ci.schemas.pack import Schema
from gitops_ci.schemas.shape import Shape

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator, ValidationError


class UncompilableError(Exception):
    """The schema is no valid JSON Schema; the message says why."""


class Validator:
    """One compiled schema, with its `shape` for whoever explains an error. `schema` lacks patterns
    that cannot be compiled. Raises UncompilableError."""

    def __init__(self, schema: Schema) -> None:
        self.schema, self._compiled = _compile(schema)
        self.shape = Shape(self.schema)
        self.is_valid = self._compiled.is_valid

    def errors(self, value: Any) -> list[ValidationError]:
        """Every error of the value. Raises ValueError for a value that is not JSON."""
        return list(self._compiled.iter_errors(value))


def _compile(schema: Schema) -> tuple[Schema, Draft202012Validator]:
    try:
        return schema, _compiled(schema)
    except (ValueError, RecursionError):
        pass
    # RE2 takes a few patterns that this engine does not: they are not checked
    lenient = copy.deepcopy(schema)
    for node in _nodes(lenient):
        if "pattern" in node and not _compiles({"pattern": node["pattern"]}):
            del node["pattern"]
    try:
        return lenient, _compiled(lenient)
    except (ValueError, RecursionError) as error:
        raise UncompilableError(str(error).partition("\n")[0]) from error


def _compiled(schema: Schema) -> Draft202012Validator:
    from jsonschema_rs import Draft202012Validator, RegexOptions

    return Draft202012Validator(
        schema, formats=CHECKS, validate_formats=True, pattern_options=RegexOptions()
    )


def _compiles(schema: Schema) -> bool:
    try:
        _compiled(schema)
    except ValueError:
        return False
    return True


def _nodes(schema: Schema) -> Iterator[Schema]:
    """Every schema inside a schema."""
    stack: list[Any] = [schema]
    while stack:
        node = stack.pop()
        if not isinstance(node, dict):
            continue
        yield node
        for word in ("properties", "$defs"):
            stack.extend(node.get(word, {}).values())
        for word in ("allOf", "anyOf", "oneOf"):
            stack.extend(node.get(word, ()))
        stack.extend(node.get(word) for word in ("items", "additionalProperties", "not"))
