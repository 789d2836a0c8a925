"""Structural schemas of CustomResourceDefinitions to JSON Schema, as the API server applies them.

Fields that the API server would prune are errors, because it refuses them under strict field
validation. Source: the Kubernetes documentation on structural schemas and OpenAPI v3 validation.
"""

from __future__ import annotations

from typing import Any

from gitops_ci.model.regex import regex
from gitops_ci.schemas.json_schema import DIALECT, bounds, builtin
from gitops_ci.schemas.pack import OBJECT_META, Builtins, Schema

BUILTIN_REF = "x-gitops-ci-ref"
"""In the structures on board: a definition of Kubernetes itself, by its OpenAPI name."""
OPEN = "x-kubernetes-preserve-unknown-fields"
FORMATS = frozenset(
    ("date-time", "date", "duration", "ipv4", "ipv6", "cidr", "uuid", "byte", "uri", "mac")
)
"""The formats that are checked, a subset of those that the API server checks."""

_VALUE_WORDS = (
    "enum",
    "pattern",
    "maxLength",
    "minLength",
    "maxItems",
    "minItems",
    "maxProperties",
    "minProperties",
    "multipleOf",
    "uniqueItems",
    "x-kubernetes-list-type",
    "x-kubernetes-list-map-keys",
)
_LOGIC = ("allOf", "anyOf", "oneOf")
_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "digit": "0-9",
    "lower": "a-z",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "space": r"\s",
    "punct": r"!-/:-@\[-`{-~",
    "xdigit": "0-9A-Fa-f",
}
_POSIX = regex(r"\[:(" + "|".join(_CLASSES) + r"):\]")
"""Bracket classes, which Go's expressions have and those of JSON Schema have not."""
_TYPES = frozenset(("object", "array", "string", "integer", "number", "boolean", "null"))


class BrokenSchemaError(Exception):
    """A schema that the API server would refuse; `route` leads to the faulty part."""

    def __init__(self, message: str, route: tuple[str, ...]) -> None:
        super().__init__(message)
        self.message = message
        self.route = route


class Structural:
    """Turns the structural schema of one kind into a self-contained JSON Schema.

    `prune` is False for the old kinds that keep unknown fields everywhere.
    """

    def __init__(self, builtins: Builtins, *, prune: bool = True) -> None:
        self._builtins = builtins
        self._prune = prune
        self._definitions: dict[str, Schema] = {}
        self._done: dict[int, Schema] = {}

    def schema(self, raw: object) -> Schema:
        """The JSON Schema for whole objects. Raises BrokenSchemaError."""
        try:
            root = self._node(raw, ())
        except RecursionError as error:
            raise BrokenSchemaError("the schema is nested too deeply", ()) from error
        root.setdefault("type", "object")
        properties = self._identity(root.get("properties", {}))
        root["properties"] = properties
        return {"$schema": DIALECT, **root, "$defs": self._definitions}

    def _identity(self, own: Schema) -> Schema:
        """apiVersion, kind and metadata may always be there; a schema can narrow only the names in
        metadata."""
        narrowed = own.get("metadata", {}).get("properties", {})
        names = {name: narrowed[name] for name in ("name", "generateName") if name in narrowed}
        metadata = self._reference(OBJECT_META)
        if names:
            metadata = {"allOf": [metadata, {"properties": names}]}
        text = {"type": "string"}
        return {**own, "apiVersion": text, "kind": text, "metadata": metadata}

    def _reference(self, name: str) -> Schema:
        if self._builtins.definition(name) is None:
            return {}
        if name not in self._definitions:
            for other, schema in self._builtins.closure(name).definitions.items():
                self._definitions[other] = builtin(schema)
        return {"$ref": f"#/$defs/{name}"}

    def _node(self, raw: object, route: tuple[str, ...]) -> Schema:
        known = self._done.get(id(raw))
        if known is not None:
            return dict(known)
        node = self._fresh(raw, route)
        self._done[id(raw)] = node
        return dict(node)

    def _fresh(self, raw: object, route: tuple[str, ...]) -> Schema:
        schema = _checked(raw, route)
        if BUILTIN_REF in schema:
            return self._reference(str(schema[BUILTIN_REF]))
        node = _values(schema, route)
        self._children(schema, node, route)
        if schema.get("x-kubernetes-embedded-resource"):
            self._embed(node)
        if schema.get("x-kubernetes-list-type") == "set":
            node["uniqueItems"] = True
        for word in _LOGIC:
            branches = schema.get(word)
            if branches and not _only_int_or_string(schema, branches):
                node[word] = [_logic(part, (*route, word)) for part in _list(branches, route, word)]
        if "not" in schema:
            node["not"] = _logic(schema["not"], (*route, "not"))
        if schema.get("nullable"):
            _allow_null(node)
        return node

    def _children(self, schema: Schema, node: Schema, route: tuple[str, ...]) -> None:
        properties = schema.get("properties")
        extra = schema.get("additionalProperties")
        if properties is not None:
            here = (*route, "properties")
            node["properties"] = {
                name: self._node(value, (*here, name))
                for name, value in _mapping(properties, here).items()
            }
        if "items" in schema:
            node["items"] = self._node(schema["items"], (*route, "items"))
        if isinstance(extra, dict):
            node["additionalProperties"] = self._node(extra, (*route, "additionalProperties"))
        elif extra is not True and not schema.get(OPEN) and self._prune and _is_object(schema):
            node["additionalProperties"] = False

    def _embed(self, node: Schema) -> None:
        node["properties"] = self._identity(node.get("properties", {}))
        node["required"] = sorted({*node.get("required", ()), "apiVersion", "kind"})


def _is_object(schema: Schema) -> bool:
    return schema.get("type") in ("object", ["object", "null"]) or "properties" in schema


def _values(schema: Schema, route: tuple[str, ...]) -> Schema:
    """The part of the node that does not lead to other nodes."""
    node = {word: schema[word] for word in _VALUE_WORDS if word in schema}
    if isinstance(schema.get("pattern"), str):
        node["pattern"] = _POSIX.sub(lambda found: _CLASSES[found[1]], schema["pattern"])
    kind = schema.get("type")
    if schema.get("x-kubernetes-int-or-string"):
        node["type"] = ["integer", "string"]
        node["x-kubernetes-int-or-string"] = True
    elif kind:
        for word in kind if isinstance(kind, list) else (kind,):
            if not isinstance(word, str) or word not in _TYPES:
                raise BrokenSchemaError(f"unknown type {word!r}", (*route, "type"))
        node["type"] = kind
    if schema.get("required"):
        node["required"] = _list(schema["required"], route, "required")
    form = schema.get("format")
    kinds = kind if isinstance(kind, list) else [kind]
    if "integer" in kinds or "number" in kinds:
        node.update(bounds(form))
    elif "string" in kinds and isinstance(form, str) and form in FORMATS:
        node["format"] = form
    _limits(schema, node)
    return node


def _limits(schema: Schema, node: Schema) -> None:
    """minimum and maximum; the exclusive forms are booleans beside them, as in OpenAPI 3.0."""
    for word, exclusive in (
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
    ):
        if word not in schema:
            continue
        if schema.get(exclusive) is True:
            node[exclusive] = schema[word]
        else:
            node[word] = schema[word]


def _logic(raw: object, route: tuple[str, ...]) -> Schema:
    """A branch of allOf, anyOf, oneOf or not: it only checks values, it never prunes."""
    schema = _checked(raw, route)
    node = _values(schema, route)
    if "properties" in schema:
        here = (*route, "properties")
        node["properties"] = {
            name: _logic(value, (*here, name))
            for name, value in _mapping(schema["properties"], here).items()
        }
    for word in ("items", "not", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            node[word] = _logic(schema[word], (*route, word))
    for word in _LOGIC:
        if schema.get(word):
            parts = _list(schema[word], route, word)
            node[word] = [_logic(part, (*route, word)) for part in parts]
    return node


def _only_int_or_string(schema: Schema, branches: object) -> bool:
    """Whether a branch list says again what x-kubernetes-int-or-string says already."""
    if not schema.get("x-kubernetes-int-or-string") or not isinstance(branches, list):
        return False
    return all(isinstance(part, dict) and set(part) == {"type"} for part in branches)


def _allow_null(node: Schema) -> None:
    kinds = node.get("type")
    if kinds is not None:
        node["type"] = [*(kinds if isinstance(kinds, list) else [kinds]), "null"]
    if "enum" in node:
        node["enum"] = [*node["enum"], None]


def _checked(raw: object, route: tuple[str, ...]) -> Schema:
    if not isinstance(raw, dict):
        raise BrokenSchemaError("a schema must be a mapping", route)
    if "$ref" in raw:
        raise BrokenSchemaError("$ref is not allowed in a CustomResourceDefinition", route)
    return raw


def _mapping(value: object, route: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BrokenSchemaError(f"{route[-1]} must be a mapping", route)
    return value


def _list(value: object, route: tuple[str, ...], word: str) -> list[Any]:
    if not isinstance(value, list):
        raise BrokenSchemaError(f"{word} must be a list", (*route, word))
    return value
