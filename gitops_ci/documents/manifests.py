"""Documents to manifests: Lists unfolded, identities read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.values import Value
from gitops_ci.model.finding import ObjectRef
from gitops_ci.model.span import Route


class Manifest(Struct, frozen=True):
    """One Kubernetes object in a file. `route` leads from the document to it: empty, or
    ("items", n) inside a List."""

    value: dict[str, Any]
    document: int
    route: Route = ()


def manifests_of(source: SourceFile) -> Iterator[Manifest]:
    """Every mapping of the file that could be an object; Lists are unfolded, also nested ones."""
    for document in source.documents:
        yield from unfold(document.value, document.index, ())


def unfold(value: Value, document: int, route: Route) -> Iterator[Manifest]:
    """The objects in `value`: itself, or the items if it is a List."""
    if not isinstance(value, dict):
        return
    if is_list(value):
        for index, item in enumerate(value["items"] or ()):
            yield from unfold(item, document, (*route, "items", index))
        return
    yield Manifest(value, document, route)


def strays_of(source: SourceFile) -> Iterator[tuple[int, Route]]:
    """Where something stands in the place of an object that can be none: text, a number, a list.
    Empty documents are no such thing."""
    for document in source.documents:
        yield from ((document.index, route) for route in _strays(document.value, ()))


def _strays(value: Value, route: Route) -> Iterator[Route]:
    if not isinstance(value, dict):
        if value is not None:
            yield route
    elif is_list(value):
        for index, item in enumerate(value["items"] or ()):
            yield from _strays(item, (*route, "items", index))


def is_list(value: dict[str, Any]) -> bool:
    """Whether the object is a List or a typed list such as ConfigMapList."""
    kind = value.get("kind")
    if not isinstance(kind, str) or not kind.endswith("List"):
        return False
    return "apiVersion" in value and isinstance(value.get("items", 0), (list, type(None)))


def ref_of(value: dict[str, Any]) -> ObjectRef:
    """The identity that a manifest states; missing or ill-typed parts are empty strings."""
    group, slash, version = _text(value.get("apiVersion")).rpartition("/")
    metadata = value.get("metadata")
    fields: dict[str, Any] = metadata if isinstance(metadata, dict) else {}
    name = _text(fields.get("name")) or _text(fields.get("generateName"))
    return ObjectRef(
        group if slash else "",
        version,
        _text(value.get("kind")),
        _text(fields.get("namespace")),
        name,
    )


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""
