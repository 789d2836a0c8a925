"""What `gitops-ci schemas list`, `show` and `add` do, without their printing and writing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct

from gitops_ci.model.edit import NewFile
from gitops_ci.model.regex import regex
from gitops_ci.schemas.crd import CrdSet, CustomKind, Source, is_crd, read_crd
from gitops_ci.schemas.gvk import Gvk, gvk
from gitops_ci.schemas.pack import Builtins, Pack, Schema
from gitops_ci.schemas.shape import Shape
from gitops_ci.schemas.structural import BrokenSchemaError, Structural
from gitops_ci.schemas.validator import UncompilableError, Validator

_INDENT = "  "
_SHOWN_DEPTH = 3
_MACHINERY = "io.k8s.apimachinery."
"""Types that answer requests and are never objects of their own."""
_FILE_NAME = regex(r"[a-z0-9.-]+_[a-z0-9]+_[a-z0-9]+\.json")
GVK_KEYWORD = "x-kubernetes-group-version-kind"


class Listed(Struct, frozen=True):
    """A kind and where it is known from: the bundled Kubernetes versions that serve it, or the
    source of a custom kind."""

    gvk: Gvk
    origin: str


_SOURCES = {
    Source.REPOSITORY: "a definition in the repository",
    Source.RENDERED: "a definition in rendered output",
    Source.ADDED: "added with `schemas add`",
    Source.BOARD: "built in",
}


def list_kinds(pack: Pack, crds: CrdSet, versions: Iterable[str] = ()) -> list[Listed]:
    """Every known kind, sorted; `versions` narrows the Kubernetes versions, empty means all."""
    having: dict[Gvk, list[str]] = {}
    for version in tuple(versions) or pack.versions:
        for kind, name in pack.builtins(version).kinds.items():
            if not kind.kind.endswith("List") and not name.startswith(_MACHINERY):
                having.setdefault(kind, []).append(version)
    listed = [Listed(kind, _span(names)) for kind, names in having.items()]
    listed += [
        Listed(kind, _SOURCES[crds.source(kind)]) for kind in crds.known() if kind not in having
    ]
    return sorted(listed, key=lambda item: item.gvk)


def _span(versions: list[str]) -> str:
    first, last = versions[0], versions[-1]
    return f"Kubernetes {first}" if first == last else f"Kubernetes {first} to {last}"


def show_kind(schema: Schema, path: str = "") -> str:
    """The structure of a kind as text, one field on each line: name, type, what is allowed.

    `path` (`spec.template`) shows a part of it. Raises KeyError for a path that does not exist.
    """
    shape = Shape(schema)
    node = shape.resolve(schema)
    for name in filter(None, path.split(".")):
        node = _inside(shape, node)
        fields = shape.fields(node)
        if name not in fields:
            raise KeyError(path)
        node = shape.resolve(fields[name])
    return "\n".join(_lines(shape, _inside(shape, node), 0))


def _inside(shape: Shape, node: Schema) -> Schema:
    """The object behind lists and maps of objects."""
    while not shape.fields(node):
        inner = node.get("items", node.get("additionalProperties"))
        if not isinstance(inner, dict):
            return node
        node = shape.resolve(inner)
    return node


def _lines(shape: Shape, node: Schema, depth: int) -> Iterator[str]:
    required = set(node.get("required", ()))
    for name, value in sorted(shape.fields(node).items()):
        field = shape.resolve(value)
        mark = " (required)" if name in required else ""
        yield f"{_INDENT * depth}{name}: {_type(shape, field)}{mark}"
        inner = _inside(shape, field)
        if depth + 1 < _SHOWN_DEPTH and name not in ("metadata", "status"):
            yield from _lines(shape, inner, depth + 1)


def _type(shape: Shape, node: Schema) -> str:
    if "items" in node:
        return f"list of {_type(shape, shape.resolve(node['items']))}"
    if isinstance(node.get("additionalProperties"), dict):
        return f"map of {_type(shape, shape.resolve(node['additionalProperties']))}"
    if "enum" in node:
        return " | ".join(json.dumps(option) for option in node["enum"])
    types = " or ".join(shape.types(node)) or "any"
    return f"{types} ({node['format']})" if isinstance(node.get("format"), str) else types


class NotASchemaError(ValueError):
    """The file holds neither CustomResourceDefinitions nor a JSON Schema that names its kind."""


def add_schemas(values: Iterable[Any], directory: str, builtins: Builtins) -> tuple[NewFile, ...]:
    """The files that make the kinds of `values` known from `directory` (relative to the root).

    A value is a CustomResourceDefinition, or a JSON Schema of a whole object that says in
    `x-kubernetes-group-version-kind`, or in the enums of apiVersion and kind, which kind it is.
    Raises NotASchemaError.
    """
    files: list[NewFile] = []
    for value in values:
        for kind in kinds_of(value):
            name = f"{kind.gvk.group}_{kind.gvk.version}_{kind.gvk.kind}.json".lower()
            _usable(kind, name, builtins)
            content = {**(kind.schema or {}), GVK_KEYWORD: [kind.gvk._asdict()]}
            data = json.dumps(content, indent=1, sort_keys=True).encode() + b"\n"
            files.append(NewFile(str(PurePosixPath(directory) / name), data))
    if not files:
        raise NotASchemaError("no CustomResourceDefinition and no JSON Schema of a kind")
    return tuple(files)


def _usable(kind: CustomKind, name: str, builtins: Builtins) -> None:
    if kind.schema is None or not _FILE_NAME.fullmatch(name):
        raise NotASchemaError(f"no usable schema for {kind.gvk}")
    _require_well_formed(kind)
    try:
        Validator(Structural(builtins, prune=kind.prune).schema(kind.schema))
    except BrokenSchemaError as error:
        place = ".".join(error.route)
        raise NotASchemaError(f"the schema of {kind.gvk}: {error.message} ({place})") from error
    except UncompilableError as error:
        raise NotASchemaError(f"the schema of {kind.gvk}: {error}") from error


def _require_well_formed(kind: CustomKind) -> None:
    """Raise NotASchemaError unless the schema is one by the rules of its own dialect. Structural
    schemas of CRDs are JSON Schemas too; their extensions are keywords that no dialect refuses."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError
    from jsonschema.validators import validator_for

    schema: Any = kind.schema
    try:
        validator_for(schema, default=Draft202012Validator).check_schema(schema)
    except SchemaError as error:
        place = ".".join(str(step) for step in error.absolute_path) or "the top"
        raise NotASchemaError(f"the schema of {kind.gvk}: {error.message} (at {place})") from error


def kinds_of(value: Any) -> tuple[CustomKind, ...]:
    """The kinds that a document of the schema directory defines; empty if it is something else."""
    if not isinstance(value, dict):
        return ()
    if is_crd(value):
        return read_crd(value, Source.ADDED).kinds
    return tuple(CustomKind(kind, value, source=Source.ADDED) for kind in _stated(value))


def _stated(schema: Schema) -> Iterator[Gvk]:
    """The kinds that a JSON Schema says it is for."""
    entries = schema.get(GVK_KEYWORD)
    for entry in entries if isinstance(entries, list) else ():
        words = [entry.get(word) for word in Gvk._fields] if isinstance(entry, dict) else []
        texts = [word for word in words if isinstance(word, str)]
        if len(texts) == len(Gvk._fields):
            yield Gvk(*texts)
    if entries is None:
        apis, kinds = (_enum(schema, name) for name in ("apiVersion", "kind"))
        yield from (gvk(api, kind) for api in apis for kind in kinds)


def _enum(schema: Schema, name: str) -> list[str]:
    properties = schema.get("properties")
    field = properties.get(name) if isinstance(properties, dict) else None
    options = field.get("enum") if isinstance(field, dict) else None
    return [option for option in options or () if isinstance(option, str)]
