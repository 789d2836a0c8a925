"""Plain scalars that YAML readers understand differently, weighed by what the schema wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gitops_ci.documents.document import Document, Doubt, SourceFile
from gitops_ci.documents.manifests import Manifest, ref_of
from gitops_ci.documents.rules import AMBIGUOUS
from gitops_ci.model.edit import Edit, Fix
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Location, Route
from gitops_ci.schemas.gvk import Gvk, gvk
from gitops_ci.schemas.pack import Schema
from gitops_ci.schemas.shape import Shape
from gitops_ci.validate.fault import canonical

SchemaOf = Callable[[Gvk], Schema | None]
"""Gives the JSON Schema of a kind, such as `Catalogue.schema`."""
_NUMBERS = ("integer", "number")


def ambiguous(
    source: SourceFile, manifest: Manifest, schema_of: SchemaOf, *, applied: bool = True
) -> Iterator[Finding]:
    """The doubtful scalars of one manifest.

    A warning where the schema wants a string, nothing where it wants the number or boolean that
    is there, else a note. `applied` says that the file is applied as it stands: then a value that
    is no string where one is wanted is `schema/wrong-type` already, and not said twice. For files
    that kustomize reads, which takes `yes` for a string, it is False.
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
        severity = _severity(doubt, value, shape, route, applied=applied)
        if severity is None:
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


def _severity(
    doubt: Doubt, value: Any, shape: Shape | None, route: Route, *, applied: bool
) -> Severity | None:
    if doubt.key:
        return Severity.NOTE
    types = shape.types(shape.at(route)) if shape is not None else ()
    if isinstance(value, bool) and "boolean" in types:
        return None
    if isinstance(value, (int, float)) and any(kind in types for kind in _NUMBERS):
        return None
    if types == ("string",):
        return None if applied and not isinstance(value, str) else Severity.WARNING
    return Severity.NOTE


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
