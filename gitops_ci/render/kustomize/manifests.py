"""Parsed files to resources, read as kustomize reads them: go-yaml v3 instead of v2, Lists
unfolded, identities required."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gitops_ci.documents import scalars
from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.rules import DUPLICATE_KEY
from gitops_ci.model.finding import found
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.dialect import kustomize_value, not_in_json
from gitops_ci.render.kustomize.failure import BuildError, UnsupportedError
from gitops_ci.render.kustomize.file_text import refuse_text
from gitops_ci.render.kustomize.folded import may_fold, refolded
from gitops_ci.render.kustomize.history import DocumentSource
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.spots import Spot, source_text
from gitops_ci.render.kustomize.values import Value, is_scalar, text_of


def refuse_broken(
    source: SourceFile, spot: Spot | None = None, *, duplicates: bool = False
) -> None:
    """Raise what is wrong with a file that the reference cannot decode. Where it reads leniently
    (`duplicates`), the last of several equal keys counts."""
    problems = [p for p in source.problems if not duplicates or p.rule is not DUPLICATE_KEY]
    if problems:
        problem = problems[0]
        if spot is None or spot.outer is None:
            raise BuildError(problem)
        message = f"the text in this field is not valid YAML: {problem.message}"
        raise BuildError(found(problem.rule, message, spot.outer.location, hint=problem.hint))
    for document in source.documents:
        for route, tag in document.tags:
            place = (spot or Spot(source)).at(route).location
            raise UnsupportedError("yaml-tags", place, f"the tag {tag} needs the reference")


def resources_of(
    source: SourceFile, outer: Spot | None = None, what: str = "resource"
) -> list[Resource]:
    """The resources of a file (or of a text in the scalar `outer`), Lists unfolded behind the
    others. Raises BuildError for what kustomize refuses."""
    refuse_broken(source, Spot(source, outer=outer))
    refuse_text(source, outer)
    endless = _ENDLESS.search(source.data) is not None
    queue: list[tuple[Value, Spot]] = []
    single = len(source.documents) == 1
    folded = may_fold(source)
    for document in source.documents:
        spot = Spot(source, document.index, outer=outer)
        value = kustomize_value(source, document)
        if folded:
            value = refolded(source, document, value)
        if single and _is_plain_list(value):
            queue.extend(_items(value, spot))
        else:
            queue.append((value, spot))
    result = []
    position = 0
    while position < len(queue):
        value, spot = queue[position]
        position += 1
        if not value and not isinstance(value, (int, float, str)):
            continue
        _check(value, spot)
        _refuse_odd_keys(value, spot)
        if endless:
            _refuse_endless(value, spot)
        if str(value.get("kind")).endswith("List") and "items" in value:
            queue.extend(_items(value, spot))
        else:
            result.append(Resource(_with_pairs(value, spot), DocumentSource(spot, what)))
    return result


def _is_plain_list(value: Value) -> bool:
    return (
        isinstance(value, dict)
        and value.get("kind") in ("List", "ResourceList")
        and "items" in value
    )


def _items(value: dict[str, Any], spot: Spot) -> Iterator[tuple[Value, Spot]]:
    items = value["items"]
    if not isinstance(items, (list, type(None))):
        message = f"items of a {value.get('kind')} must be a list"
        raise BuildError(found(rules.INVALID_RESOURCE, message, spot.below("items").location))
    for index, item in enumerate(items or ()):
        yield item, spot.below("items", index)


def _check(value: Value, spot: Spot) -> None:
    """Raise unless the value states what kustomize needs to know a resource by."""
    if not isinstance(value, dict):
        message = "this is not a Kubernetes object: it is no mapping"
        raise BuildError(found(rules.INVALID_RESOURCE, message, spot.location))
    kind = text_of(value.get("kind"))
    if not kind:
        message = "this object has no kind"
        hint = "list only Kubernetes objects under resources; values and data belong elsewhere"
        raise BuildError(found(rules.INVALID_RESOURCE, message, spot.location, hint=hint))
    metadata = value.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        message = f"metadata of this {kind} must be a mapping"
        raise BuildError(found(rules.INVALID_RESOURCE, message, spot.below("metadata").location))
    if not kind.endswith("List") and not text_of((metadata or {}).get("name")):
        message = f"this {kind} has no metadata.name"
        hint = "kustomize does not accept generateName alone"
        raise BuildError(
            found(
                rules.INVALID_RESOURCE,
                message,
                spot.at((*spot.route, "metadata")).location,
                hint=hint,
            )
        )


_ENDLESS = regex(rb"\.(?:inf|Inf|INF|nan|NaN|NAN)\b")


def _refuse_endless(value: Value, spot: Spot) -> None:
    for route in not_in_json(value):
        place = spot.below(*route).location
        message = "infinity and not-a-number cannot be printed: JSON has no word for them"
        raise BuildError(found(rules.INVALID_RESOURCE, message, place))


def _with_pairs(value: dict[str, Any], spot: Spot) -> dict[str, Any]:
    """The value with its annotations as a mapping: the reference takes a list for pairs of key and
    value, and crashes when it cannot."""
    metadata = value.get("metadata")
    entries = metadata.get("annotations") if isinstance(metadata, dict) else None
    if not isinstance(entries, list):
        return value
    if len(entries) % 2 or not all(is_scalar(entry) for entry in entries):
        place = spot.below("metadata", "annotations").location
        raise BuildError(found(rules.INVALID_RESOURCE, "annotations must be a mapping", place))
    texts = [text_of(entry) for entry in entries]
    pairs = dict(zip(texts[::2], texts[1::2], strict=True))
    return {**value, "metadata": {**value["metadata"], "annotations": pairs}}


_STARTS = frozenset("0123456789+-.~tTfFnN")


def _refuse_odd_keys(value: Value, spot: Spot) -> None:
    """Raise for a key below the top that is no string: the reference cannot print it."""
    stack: list[tuple[Value, Route]] = [(item, (name,)) for name, item in value.items()]
    while stack:
        item, route = stack.pop()
        if isinstance(item, dict):
            for name, child in item.items():
                if not name or name[0] in _STARTS:
                    _check_key(name, spot.below(*route, name))
                if isinstance(child, (dict, list)):
                    stack.append((child, (*route, name)))
        elif isinstance(item, list):
            for index, child in enumerate(item):
                if isinstance(child, (dict, list)):
                    stack.append((child, (*route, index)))


def _check_key(name: str, spot: Spot) -> None:
    if isinstance(scalars.resolve_kustomize(name), str):
        return
    location = spot.at(spot.route, key=True).location
    text = source_text(spot.at(spot.route, key=True))
    if text[:1] in ("'", '"') or spot.source.path.endswith(".json"):
        return
    message = f"the key {name or 'null'} is read as something else than a string"
    raise BuildError(found(rules.INVALID_RESOURCE, message, location, hint="quote the key"))
