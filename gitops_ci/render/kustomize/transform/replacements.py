"""replacements: a value of one resource written into fields of others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from gitops_ci.documents.scalars import resolve_kustomize
from gitops_ci.model.finding import found
from gitops_ci.model.span import Route
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.failure import BuildError, UnsupportedError
from gitops_ci.render.kustomize.history import Hit
from gitops_ci.render.kustomize.ids import Gvk
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.selectors import (
    SelectorError,
    UnsureError,
    entries,
    go_regex,
    label_selector,
)
from gitops_ci.render.kustomize.spots import Spot
from gitops_ci.render.kustomize.transform.aliases import spread, tied
from gitops_ci.render.kustomize.transform.writes import WriteStep
from gitops_ci.render.kustomize.values import MISSING, Value, get, is_scalar, put, text_of
from gitops_ci.render.kustomize.walk import split_path

_DEFAULT_PATH = "metadata.name"


def smart_split(path: str) -> tuple[str, ...]:
    """A dotted path in parts; what stands in brackets stays together."""
    pieces = split_path(path, ".")
    parts: list[str] = []
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        if piece.startswith("[") and not piece.endswith("]"):
            group = [piece]
            while index < len(pieces) - 1:
                index += 1
                group.append(pieces[index])
                if pieces[index].endswith("]"):
                    break
            whole = ".".join(group)
            parts.append(whole if "=" in whole else whole.strip("[]"))
        else:
            parts.append(piece)
        index += 1
    return tuple(parts)


class _NothingError(Exception):
    """A replacement that kustomize refuses; the message is for a person."""


class Replacement(Struct, frozen=True):
    """One entry of `replacements:`."""

    source: Mapping[str, Any]
    targets: Sequence[Mapping[str, Any]]
    spot: Spot

    def apply(self, resources: list[Resource]) -> None:
        """Write the value everywhere. Raises BuildError when source or target is missing."""
        if not self.source or not self.targets:
            raise self._error("a replacement needs a source and at least one target", self.spot)
        value = self._value(resources)
        for index, target in enumerate(self.targets):
            spot = self.spot.below("targets", index)
            if "select" not in target:
                raise self._error("a target of a replacement needs select", spot)
            for resource in resources:
                try:
                    if _selected(resource, target):
                        self._write(resource, value, target, spot)
                except SelectorError as error:
                    raise self._error(str(error), spot) from error

    def _error(self, message: str, spot: Spot, hint: str = "") -> BuildError:
        return BuildError(found(rules.REPLACEMENT, message, spot.location, hint=hint))

    def _value(self, resources: Sequence[Resource]) -> Value:
        spot = self.spot.below("source")
        matches = [r for r in resources if any(_is_meant(i, self.source) for i in _raw_ids(r))]
        if len(matches) != 1:
            count = "no resource" if not matches else f"{len(matches)} resources"
            raise self._error(f"the source of this replacement means {count}", spot)
        path = self.source.get("fieldPath") or _DEFAULT_PATH
        value = look_up(matches[0].value, smart_split(path))
        if value is MISSING or value is None or value in ({}, []):
            raise self._error(f"{matches[0].id} has no field '{path}' to copy", spot)
        return self._refined(value, spot)

    def _refined(self, value: Value, spot: Spot) -> Value:
        options = self.source.get("options") or {}
        delimiter = options.get("delimiter") or ""
        if isinstance(value, float):
            message = "the text of a fraction needs the reference"
            raise UnsupportedError("replacements", spot.location, message)
        if not delimiter:
            return value
        if not is_scalar(value):
            raise self._error("a delimiter needs a single value", spot)
        pieces = text_of(value).split(delimiter)
        index = options.get("index") or 0
        if not 0 <= index < len(pieces):
            raise self._error(f"there is no part {index} in '{text_of(value)}'", spot)
        return pieces[index] if isinstance(value, str) else resolve_kustomize(pieces[index])

    def _write(
        self, resource: Resource, value: Value, target: Mapping[str, Any], spot: Spot
    ) -> None:
        options = target.get("options") or {}
        for index, path in enumerate(target.get("fieldPaths") or (_DEFAULT_PATH,)):
            place = spot.below("fieldPaths", index)
            finder = _Finder(resource.value, value if options.get("create") else None)
            routes: list[Route] = []
            try:
                routes = list(finder.find(smart_split(path)))
                if not routes:
                    raise _NothingError(f"{resource.id} has no field '{path}' to write to")
                result = finder.value
                for route in routes:
                    current = MISSING if route in finder.created else get(result, route)
                    result = put(result, route, _combined(current, value, options))
            except _NothingError as error:
                hint = "" if routes else "options.create: true adds a missing field"
                raise self._error(str(error), place, hint) from error
            except UnsureError as error:
                message = f"the expression {error} needs the reference"
                raise UnsupportedError("replacements", place.location, message) from error
            names = {str(route[-1]) for route in routes if route}
            groups = tied(resource) if resource.entries & names else []
            resource.change(result, _written(tuple(routes), self.spot.below("source")))
            if groups:
                written = [(route, get(result, route)) for route in routes]
                spread(resource, groups, written, Hit(self.spot.below("source"), "replacement"))


def _written(routes: tuple[Route, ...], spot: Spot) -> WriteStep:
    hit = Hit(spot, "replacement")
    return WriteStep(lambda before: [(route, hit) for route in routes])  # noqa: ARG005 - fixed


def _raw_ids(resource: Resource) -> Iterator[tuple[Gvk, str, str]]:
    metadata = resource.value.get("metadata")
    namespace = text_of(metadata.get("namespace")) if isinstance(metadata, dict) else ""
    yield resource.gvk, namespace or "default", resource.id.name
    for item in resource.previous_ids():
        yield item.gvk, item.namespace or "default", item.name


def _is_meant(identity: tuple[Gvk, str, str], selector: Mapping[str, Any]) -> bool:
    gvk, namespace, name = identity
    wanted = Gvk(*(text_of(selector.get(key)) for key in ("group", "version", "kind")))
    return (
        selector.get("name") in (None, "", name)
        and selector.get("namespace") in (None, "", namespace)
        and gvk.selected_by(wanted)
    )


def _selected(resource: Resource, target: Mapping[str, Any]) -> bool:
    select = target["select"]
    rejects = target.get("reject") or ()
    if not _labelled(resource, select):
        return False
    for reject in rejects:
        stated = reject.get("annotationSelector") or reject.get("labelSelector")
        if stated and _labelled(resource, reject):
            return False
    ids = list(_raw_ids(resource))
    if not any(_is_meant(identity, select) for identity in ids):
        return False
    keys = ("group", "version", "kind", "name", "namespace")
    return not any(
        any(_is_meant(identity, reject) for identity in ids)
        for reject in rejects
        if any(reject.get(key) for key in keys)
    )


def _labelled(resource: Resource, selector: Mapping[str, Any]) -> bool:
    labels = label_selector(text_of(selector.get("labelSelector")))
    annotations = label_selector(text_of(selector.get("annotationSelector")))
    return labels(entries(resource, "labels")) and annotations(entries(resource, "annotations"))


def look_up(value: Value, parts: Sequence[str]) -> Value:
    """The value that a field path leads to, MISSING when it leads to nothing."""
    for part in (part.strip() for part in parts):
        if not part:
            continue
        if value is None or value is MISSING:
            return MISSING
        if part.isdigit():
            value = get(value, (int(part),)) if isinstance(value, list) else MISSING
        elif part == "-":
            value = value[-1] if isinstance(value, list) and value else MISSING
        elif part.startswith("[") and part.endswith("]"):
            value = _element(value, part)
        elif isinstance(value, dict):
            value = value.get(part, MISSING)
        else:
            return MISSING
    return value


def _element(items: Value, part: str) -> Value:
    name, equals, wanted = part[1:-1].partition("=")
    if not isinstance(items, list) or not equals:
        return MISSING
    for item in items:
        if not name and is_scalar(item) and text_of(item) == wanted:
            return item
        if (
            name
            and isinstance(item, dict)
            and name in item
            and (not wanted or text_of(item[name]) == wanted)
        ):
            return item
    return MISSING


class _Finder:
    """Finds the routes that a target path means; with `new` it creates what is missing and
    remembers which routes it `created`."""

    def __init__(self, value: Value, new: Value) -> None:
        self.value = value
        self.created: set[Route] = set()
        self._new = new

    def find(self, parts: tuple[str, ...], route: Route = ()) -> Iterator[Route]:
        """The routes, in the order of the lists on the way."""
        if not parts:
            yield route
            return
        part, current = parts[0], get(self.value, route)
        if part.isdigit():
            yield from self._index(parts, route, current)
        elif part.startswith("[") and part.endswith("]"):
            yield from self._matching(parts, route, current)
        elif part == "*":
            self._demand_list(current, part)
            for index in range(len(current)):
                yield from self.find(parts[1:], (*route, index))
        else:
            yield from self._field(parts, route, current)

    def _demand_list(self, current: Value, part: str) -> None:
        if not isinstance(current, list):
            raise _NothingError(f"'{part}' needs a list, and there is none")

    def _field(self, parts: tuple[str, ...], route: Route, current: Value) -> Iterator[Route]:
        if current is None:
            return
        if not isinstance(current, dict):
            raise _NothingError(f"'{parts[0]}' is looked for in what is no mapping")
        if parts[0] not in current:
            if self._new is None:
                return
            self.value = put(self.value, (*route, parts[0]), self._fresh(parts[1:]))
            self.created.add((*route, parts[0]))
        yield from self.find(parts[1:], (*route, parts[0]))

    def _fresh(self, rest: tuple[str, ...]) -> Value:
        """What a created field holds, judged by the part that follows it."""
        if not rest:
            return {} if isinstance(self._new, dict) else [] if isinstance(self._new, list) else ""
        following = rest[0]
        if following.isdigit() or (following.startswith("[") and following.endswith("]")):
            return []
        return {}

    def _index(self, parts: tuple[str, ...], route: Route, current: Value) -> Iterator[Route]:
        self._demand_list(current, parts[0])
        index = int(parts[0])
        if index == len(current) and self._new is not None:
            self.value = put(self.value, route, [*current, self._fresh(parts[1:])])
        elif index >= len(current):
            raise _NothingError(f"the list has {len(current)} items and no item {index}")
        yield from self.find(parts[1:], (*route, index))

    def _matching(self, parts: tuple[str, ...], route: Route, current: Value) -> Iterator[Route]:
        name, equals, wanted = parts[0][1:-1].partition("=")
        if not equals:
            raise _NothingError(f"'{parts[0]}' must be [field=value]")
        self._demand_list(current, parts[0])
        expression = go_regex(wanted)
        hits = [index for index, item in enumerate(current) if _hit(item, name, expression)]
        if not hits and self._new is not None:
            item = {name: wanted} if name else wanted
            self.value = put(self.value, route, [*current, item])
            hits = [len(current)]
        for index in hits:
            if name:
                yield from self.find(parts[1:], (*route, index))
            else:
                yield (*route, index)


def _hit(item: Value, name: str, expression: re.Pattern[str]) -> bool:
    if name:
        if not isinstance(item, dict) or name not in item:
            return False
        item = item[name]
    return is_scalar(item) and expression.search(text_of(item)) is not None


def _combined(current: Value, value: Value, options: Mapping[str, Any]) -> Value:
    """What stands in the target behind the replacement; `current` is MISSING in a new field."""
    delimiter = options.get("delimiter") or ""
    if current is MISSING:
        return resolve_kustomize(text_of(value)) if delimiter else value
    if delimiter:
        if not is_scalar(current):
            raise _NothingError("a delimiter needs a single value to write to")
        pieces = text_of(current).split(delimiter)
        index = options.get("index") or 0
        if index < 0:
            pieces.insert(0, text_of(value))
        elif index >= len(pieces):
            pieces.append(text_of(value))
        else:
            pieces[index] = text_of(value)
        return _like(current, delimiter.join(pieces))
    if is_scalar(current) and is_scalar(value):
        return _like(current, text_of(value))
    return value


def _like(current: Value, text: str) -> Value:
    """The text with the type of what it replaces, as the reference keeps the type of a scalar.
    Raises _NothingError when the text has no such meaning."""
    if isinstance(current, str):
        return text
    new = resolve_kustomize(text)
    number = isinstance(current, float) and isinstance(new, int) and not isinstance(new, bool)
    if type(new) is not type(current) and not number:
        raise _NothingError(f"'{text}' cannot take the place of {text_of(current) or 'null'}")
    return new
