"""Structures to JSON Schema, as the API server reads them.

`null` is not a type here: the API server treats a null field as an absent one, so callers drop
null fields before they believe an error.
"""

from __future__ import annotations

from typing import Any

from gitops_ci.schemas.pack import Closure, Schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"
INT_OR_STRING: Schema = {"type": ["integer", "string"], "x-kubernetes-int-or-string": True}
QUANTITY: Schema = {
    "type": ["string", "number"],
    "format": "quantity",
    "pattern": r"^\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?\s*$",
}
"""Suffixes as in apimachinery's resource.ParseQuantity: binary, decimal, or an exponent."""

_RANGES = {
    "int32": {"minimum": -(2**31), "maximum": 2**31 - 1},
    "int64": {"minimum": -(2**63), "maximum": 2**63 - 1},
}
_COPIED = ("type", "enum", "required", "x-kubernetes-list-type", "x-kubernetes-list-map-keys")


def of_closure(closure: Closure) -> Schema:
    """A self-contained JSON Schema for the root of a closure; unknown fields are errors."""
    return {
        "$schema": DIALECT,
        "$ref": f"#/$defs/{closure.root}",
        "$defs": {name: builtin(schema) for name, schema in closure.definitions.items()},
    }


def builtin(schema: Schema) -> Schema:
    """One definition of the pack as JSON Schema, its references below `#/$defs/`."""
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{schema['$ref']}"}
    if schema.get("x-kubernetes-int-or-string"):
        return INT_OR_STRING
    form = schema.get("format")
    if form == "quantity":
        return QUANTITY
    result: dict[str, Any] = {word: schema[word] for word in _COPIED if word in schema}
    result.update(bounds(form))
    if form in ("date-time", "byte"):
        result["format"] = form
    if "properties" in schema:
        result["properties"] = {
            name: builtin(value) for name, value in schema["properties"].items()
        }
    if "items" in schema:
        result["items"] = builtin(schema["items"])
    extra = schema.get("additionalProperties")
    if extra is not None:
        result["additionalProperties"] = builtin(extra) if isinstance(extra, dict) else extra
    return result


def bounds(form: object) -> Schema:
    """The limits that a number format stands for; empty for every other format."""
    return dict(_RANGES[form]) if isinstance(form, str) and form in _RANGES else {}
