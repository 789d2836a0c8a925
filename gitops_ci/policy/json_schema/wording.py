"""What a broken schema means in words, without the values of the file: they may be secret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gitops_ci.model.span import Route
from gitops_ci.render.routes import dotted
from gitops_ci.render.words import article, kind_of, listed, quoted
from gitops_ci.schemas.near import near

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_SENTENCES = {
    "pattern": "does not match the pattern {limit}",
    "format": "is no {limit}",
    "minimum": "is less than {limit}",
    "maximum": "is more than {limit}",
    "exclusiveMinimum": "is not more than {limit}",
    "exclusiveMaximum": "is not less than {limit}",
    "multipleOf": "is no multiple of {limit}",
    "minLength": "is shorter than {limit} characters",
    "maxLength": "is longer than {limit} characters",
    "minItems": "has less than {limit} items",
    "maxItems": "has more than {limit} items",
    "minProperties": "has less than {limit} keys",
    "maxProperties": "has more than {limit} keys",
    "uniqueItems": "holds the same item twice",
    "contains": "holds no item of the wanted kind",
    "not": "is what the schema rules out",
}


class Told:
    """One fault: where, whether the key is meant, the words, what was probably meant."""

    __slots__ = ("hint", "key", "message", "route")

    def __init__(self, route: Route, message: str, *, key: bool = False, hint: str = "") -> None:
        self.route, self.message, self.key, self.hint = route, message, key, hint


def told(error: ValidationError) -> Iterator[Told]:
    """The faults that an error of the validator stands for: one for each key."""
    from jsonschema.exceptions import best_match

    if error.validator in ("anyOf", "oneOf") and error.context:
        inner = best_match([error])
        if inner is not error and inner.absolute_path != error.absolute_path:
            yield from told(inner)
            return
    route: Route = tuple(error.absolute_path)
    if error.validator == "required":
        yield from _missing(error, route)
    elif error.validator in ("additionalProperties", "unevaluatedProperties"):
        yield from _unknown(error, route)
    else:
        yield Told(route, f"{_named(route)} {_sentence(error)}")


def _missing(error: ValidationError, route: Route) -> Iterator[Told]:
    """The validator tells each missing key apart, but only in its words."""
    wanted = error.validator_value if isinstance(error.validator_value, list) else []
    name = next((name for name in wanted if error.message.startswith(f"{name!r} ")), None)
    where = f" in {dotted(route)}" if route else ""
    if name is not None:
        yield Told((*route, name), f"{quoted(name)} is missing{where}", key=True)


def _unknown(error: ValidationError, route: Route) -> Iterator[Told]:
    import re

    schema: Any = error.schema
    known = schema.get("properties", {}) if isinstance(schema, dict) else {}
    patterns = schema.get("patternProperties", {}) if isinstance(schema, dict) else {}
    instance: Any = error.instance
    if not isinstance(instance, dict):
        return
    where = f" in {dotted(route)}" if route else ""
    for name in instance:
        if name in known or any(re.search(pattern, name) for pattern in patterns):
            continue
        close = near(name, set(known) - set(instance))
        hint = f"did you mean {listed(close)}?" if close else ""
        message = f"{quoted(name)} is not allowed{where}"
        yield Told((*route, name), message, key=True, hint=hint)


def _sentence(error: ValidationError) -> str:
    limit: Any = error.validator_value
    word = str(error.validator)
    if word == "type":
        kinds = tuple(limit) if isinstance(limit, list) else (limit,)
        return f"must be {article(kinds)}, but is {kind_of(error.instance)}"
    if word == "enum" and isinstance(limit, list):
        return f"is none of {listed([str(item) for item in limit])}"
    if word == "const":
        return f"is not {limit!r}"
    sentence = _SENTENCES.get(word, f"does not fulfil {quoted(word)} of the schema")
    return sentence.format(limit=limit)


def _named(route: Route) -> str:
    return dotted(route) or "the document"
