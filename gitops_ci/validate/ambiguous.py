"""Plain scalars that YAML readers understand differently, weighed by what the schema wants."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from typing import Any

from gitops_ci.documents.document import Document, Doubt, SourceFile
from gitops_ci.documents.manifests import Manifest, ref_of
from gitops_ci.documents.rules import AMBIGUOUS
from gitops_ci.model.edit import Edit, Fix
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Location, Route
from gitops_ci.render.routes import canonical
from gitops_ci.schemas.gvk import Gvk, gvk
from gitops_ci.schemas.pack import Schema
from gitops_ci.schemas.shape import Shape

SchemaOf = Callable[[Gvk], Schema | None]
"""Gives the JSON Schema of a kind, such as `Catalogue.schema`."""
_NUMBERS = ("integer", "number")


Place = tuple[str, int, int]
"""A path with a line and a column in it."""


def ambiguous(
    source: SourceFile,
    manifest: Manifest,
    schema_of: SchemaOf,
    refused: Container[Place] = (),
) -> Iterator[Finding]:
    """The doubtful scalars of one manifest.

    A warning where the schema wants a string, nothing where it wants the number or boolean that
    is there, else a note. `refused` holds the places at which schema validation found fault: what
    it refuses is not said twice. It cannot be told from the file alone, since kubectl takes `yes`
    for a boolean and kustomize for a string.
    """
    document = _document(source, manifest.document)
    if document is None or not document.doubts:
        return
    shape = _shape(manifest.value, schema_of)
    for doubt in document.doubts:
        depth = len(manifest.route)
        if doubt.route[:depth] != manifest.route:
            continue
        route = doubt.route[depth:]
        value = _get(manifest.value, route)
        severity = _severity(doubt, value, shape, route)
        place = (source.path, doubt.span.line, doubt.span.column)
        if severity is None or place in refused:
            continue
        yield _finding(source, manifest, doubt, route, severity)


def _document(source: SourceFile, index: int) -> Document | None:
    return next((item for item in source.documents if item.index == index), None)


def _shape(value: dict[str, Any], schema_of: SchemaOf) -> Shape | None:
    api, kind = value.get("apiVersion"), value.get("kind")
    if not isinstance(api, str) or not isinstance(kind, str):
        return None
    schema = schema_of(gvk(api, kind))
    return Shape(schema) if schema is not None else None


def _severity(doubt: Doubt, value: Any, shape: Shape | None, route: Route) -> Severity | None:
    if doubt.key:
        return Severity.NOTE
    types = shape.types(shape.at(route)) if shape is not None else _of_every_kind(route)
    if isinstance(value, bool) and "boolean" in types:
        return None
    if isinstance(value, (int, float)) and any(kind in types for kind in _NUMBERS):
        return None
    return Severity.WARNING if types == ("string",) else Severity.NOTE


def _of_every_kind(route: Route) -> tuple[str, ...]:
    """The types of the metadata that all kinds share, whatever else is known about a kind."""
    if route[:1] != ("metadata",):
        return ()
    named = len(route) == 2 and route[1] in ("name", "namespace", "generateName")
    labelled = len(route) == 3 and route[1] in ("labels", "annotations")
    return ("string",) if named or labelled else ()


def _finding(
    source: SourceFile, manifest: Manifest, doubt: Doubt, route: Route, severity: Severity
) -> Finding:
    what = "key" if doubt.key else "value"
    fix = Edit(source.path, doubt.span, doubt.text, f'"{doubt.text}"')
    return found(
        AMBIGUOUS,
        f"YAML readers understand the unquoted {what} {doubt.text} differently",
        Location(source.path, doubt.span, doubt.route, manifest.document),
        severity=severity,
        object=ref_of(manifest.value),
        hint="put it in quotes if it is text",
        fix=Fix("quote it", (fix,)) if severity is Severity.WARNING else None,
        key=canonical(manifest.value, route),
    )


def _get(value: Any, route: Route) -> Any:
    for step in route:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value
