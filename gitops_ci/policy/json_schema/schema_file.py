"""A schema file to a validator: read, checked against its dialect, `$ref` only inside the tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import locate
from gitops_ci.documents.read import read
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route
from gitops_ci.policy.broken import BrokenPolicyError, PolicyFault
from gitops_ci.repo.tree import Tree, UnreadableError

if TYPE_CHECKING:
    from jsonschema.protocols import Validator
    from referencing import Registry, Resource

_BASE = "file:///"


def validator(tree: Tree, path: str) -> Validator:
    """The validator of the schema in the file at `path` of `tree`; draft 2020-12 unless the schema
    says something else. Raises BrokenPolicyError with the lines of what is wrong."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import validator_for

    source = _source(tree, path)
    schema = source.documents[0].value
    kind = validator_for(schema, Draft202012Validator)
    faults = list(_faults(kind, source, schema))
    registry: Registry[Any] = _registry(tree)
    if not faults:
        faults = list(_dead_references(source, schema, registry))
    if faults:
        raise BrokenPolicyError(faults)
    # the base address makes relative references start at the file
    rooted = schema if "$id" in schema else {**schema, "$id": _address(path)}
    made: Validator = kind(rooted, registry=registry, format_checker=kind.FORMAT_CHECKER)
    return made


def _source(tree: Tree, path: str) -> SourceFile:
    try:
        source = read(path, tree.read(path))
    except UnreadableError as error:
        raise BrokenPolicyError([PolicyFault(path, 0, str(error))]) from error
    wrong = [item for item in source.problems if item.severity is Severity.ERROR]
    if wrong:
        raise BrokenPolicyError(
            [PolicyFault(path, item.location.line, item.message) for item in wrong]
        )
    if len(source.documents) != 1 or not isinstance(source.documents[0].value, dict):
        message = "a schema file holds one mapping"
        raise BrokenPolicyError([PolicyFault(path, 1, message)])
    return source


def _faults(kind: Any, source: SourceFile, schema: Any) -> Iterator[PolicyFault]:
    from jsonschema.exceptions import best_match

    meta = kind(kind.META_SCHEMA, format_checker=kind.FORMAT_CHECKER)
    for error in meta.iter_errors(schema):
        best = best_match([error])
        route = tuple(best.absolute_path)
        where = ".".join(str(step) for step in route) or "the schema"
        yield _fault(source, route, f"{where}: {best.message}")


def _fault(source: SourceFile, route: Route, message: str) -> PolicyFault:
    place = locate(source, 0, route).location
    return PolicyFault(source.path, place.line, message)


def _registry(tree: Tree) -> Registry[Any]:
    from referencing import Registry
    from referencing.exceptions import NoSuchResource
    from referencing.jsonschema import DRAFT202012, SchemaResource

    def retrieve(uri: str) -> SchemaResource:
        parts = urlsplit(uri)
        if parts.scheme != "file":
            raise NoSuchResource(uri)
        path = unquote(parts.path).lstrip("/")
        try:
            content: Any = _source(tree, path).documents[0].value
        except BrokenPolicyError:
            raise NoSuchResource(uri) from None
        return _resource(DRAFT202012, content)

    return Registry(retrieve=retrieve)  # type: ignore[call-arg] # attrs fields with aliases


def _resource(dialect: Any, content: Any) -> Resource[Any]:
    from referencing import Resource

    made: Resource[Any] = Resource.from_contents(content, default_specification=dialect)
    return made


def _dead_references(
    source: SourceFile, schema: Any, registry: Registry[Any]
) -> Iterator[PolicyFault]:
    from referencing.exceptions import Unresolvable
    from referencing.jsonschema import DRAFT202012

    base = str(schema.get("$id") or _address(source.path))
    resolver = registry.with_resource(base, _resource(DRAFT202012, schema)).resolver(base)
    for route, reference in _references(schema, ()):
        try:
            resolver.lookup(reference)
        except (Unresolvable, ValueError):
            address = urljoin(base, reference)
            message = f"'{reference}' leads nowhere"
            if urlsplit(address).scheme not in ("", "file"):
                message = f"'{reference}' lies outside of the repository: only files in it are read"
            yield _fault(source, route, message)


def _references(value: Any, route: Route) -> Iterator[tuple[Route, str]]:
    if isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str):
            yield (*route, "$ref"), reference
        for key, item in value.items():
            yield from _references(item, (*route, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _references(item, (*route, index))


def _address(path: str) -> str:
    return f"{_BASE}{path}"
