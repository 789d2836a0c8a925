"""configMapGenerator and secretGenerator."""

from __future__ import annotations

import base64
import posixpath
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from msgspec import Struct

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.scalars import is_date, resolve_kustomize
from gitops_ci.model.finding import found
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.failure import BuildError
from gitops_ci.render.kustomize.history import Hit, Source
from gitops_ci.render.kustomize.loader import Loader
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.spots import Spot
from gitops_ci.render.kustomize.values import MISSING, get, text_of

_LINE = 70
"""The reference breaks base64 after so many characters."""

_UNPRINTABLE = regex("[\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""Characters that the reference's printer refuses."""

_DATA = ("data", "binaryData")


class Pair(Struct, frozen=True):
    """One key of the generated data, and where it was written."""

    key: str
    value: bytes
    spot: Spot


def merge_options(own: Mapping[str, Any] | None, common: Mapping[str, Any]) -> dict[str, Any]:
    """The options of one generator with `generatorOptions` filled in: own labels win, flags that
    either sets are set."""
    own = own or {}
    result: dict[str, Any] = {}
    for name in ("labels", "annotations"):
        merged = {**(common.get(name) or {}), **(own.get(name) or {})}
        if merged:
            result[name] = merged
    for name in ("disableNameSuffixHash", "immutable"):
        result[name] = bool(own.get(name) or common.get(name))
    return result


class Generator:
    """One entry of configMapGenerator or secretGenerator (`kind` Secret), written at `spot`."""

    def __init__(
        self,
        kind: str,
        entry: Mapping[str, Any],
        options: Mapping[str, Any],
        spot: Spot,
        loader: Loader,
        common: Spot | None = None,
    ) -> None:
        self._kind = kind
        self._entry = entry
        self._options = options
        self._spot = spot
        self._loader = loader
        self._common = common

    def generate(self) -> Resource:
        """The resource, before its name gets the hash. Raises BuildError."""
        name = self._entry.get("name") or ""
        if not name:
            raise self._error(f"this {self._kind} generator has no name", self._spot)
        pairs = self._pairs()
        metadata: dict[str, Any] = {"name": name}
        if self._entry.get("namespace"):
            metadata["namespace"] = self._entry["namespace"]
        for field in ("labels", "annotations"):
            if self._options.get(field):
                metadata[field] = dict(self._options[field])
        value: dict[str, Any] = {"apiVersion": "v1", "kind": self._kind, "metadata": metadata}
        value.update(self._data(pairs))
        if self._options.get("immutable"):
            value["immutable"] = True
        resource = Resource(value, GeneratorSource(self._spot, self._common, pairs))
        resource.hashed = not self._options.get("disableNameSuffixHash")
        resource.behavior = self._behavior()
        return resource

    def _behavior(self) -> str:
        word = self._entry.get("behavior") or ""
        return word if word in ("create", "replace", "merge") else "unspecified"

    def _error(self, message: str, spot: Spot, hint: str = "") -> BuildError:
        return BuildError(found(rules.GENERATOR, message, spot.location, hint=hint))

    def _data(self, pairs: dict[str, Pair]) -> dict[str, Any]:
        if self._kind == "Secret":
            data = {key: encode_base64(pair.value) for key, pair in sorted(pairs.items())}
            return {"type": self._entry.get("type") or "Opaque", "data": data}
        result: dict[str, dict[str, str]] = {}
        for key, pair in sorted(pairs.items()):
            try:
                text = pair.value.decode()
                if _UNPRINTABLE.search(text):
                    message = f"the value of '{key}' holds control characters"
                    raise self._error(message, pair.spot)
                result.setdefault("data", {})[key] = text
            except UnicodeDecodeError:
                result.setdefault("binaryData", {})[key] = encode_base64(pair.value)
        return dict(result)

    def _pairs(self) -> dict[str, Pair]:
        result: dict[str, Pair] = {}
        for pair in (*self._from_envs(), *self._from_literals(), *self._from_files()):
            if pair.key in result:
                message = f"the key '{pair.key}' comes twice in {self._entry.get('name')}"
                raise self._error(message, pair.spot)
            if not isinstance(resolve_kustomize(pair.key), str) or is_date(pair.key):
                message = f"the key '{pair.key}' is read as something else than a string"
                raise self._error(message, pair.spot)
            result[pair.key] = pair
        return result

    def _from_envs(self) -> Iterator[Pair]:
        places = [
            (path, self._spot.below("envs", i))
            for i, path in enumerate(self._entry.get("envs") or ())
        ]
        if self._entry.get("env"):
            places.append((self._entry["env"], self._spot.below("env")))
        for path, spot in places:
            real, data = self._loader.data(path, spot)
            for line, key, value in env_pairs(data):
                if key is None:
                    raise self._error(f"line {line} of '{path}' is not UTF-8", spot)
                yield Pair(key, value, line_of(real, data, line))

    def _from_literals(self) -> Iterator[Pair]:
        for index, literal in enumerate(self._entry.get("literals") or ()):
            spot = self._spot.below("literals", index)
            key, equals, value = literal.partition("=")
            if not key or not equals:
                raise self._error(f"'{literal}' must be key=value", spot)
            if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
                value = value[1:-1]
            yield Pair(key, value.encode(), spot)

    def _from_files(self) -> Iterator[Pair]:
        for index, text in enumerate(self._entry.get("files") or ()):
            spot = self._spot.below("files", index)
            key, equals, path = text.partition("=")
            if not equals:
                key, path = posixpath.basename(text), text
            if "=" in path or not key or not path:
                hint = "write path, or key=path"
                raise self._error(f"'{text}' names no file", spot, hint)
            real, data = self._loader.data(path, spot)
            yield Pair(key, data, line_of(real, data, 1))


def env_pairs(data: bytes) -> Iterator[tuple[int, str | None, bytes]]:
    """Line number, key and value of every line of an env file that is neither empty nor a comment;
    key None marks a line that is not UTF-8."""
    for number, raw in enumerate(data.split(b"\n"), start=1):
        line = raw.removesuffix(b"\r")
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        try:
            text = line.decode().lstrip()
        except UnicodeDecodeError:
            yield number, None, b""
            continue
        if text and not text.startswith("#"):
            key, _, value = text.partition("=")
            if key:
                yield number, key, value.encode()


def line_of(path: str, data: bytes, line: int) -> Spot:
    """The spot of a line in a file that is not YAML."""
    return Spot(SourceFile(path, data, ()), line=line)


def encode_base64(data: bytes) -> str:
    """Base64, broken into lines when it is long, as the reference prints it."""
    text = base64.b64encode(data).decode()
    if len(text) < _LINE:
        return text
    return "".join(text[i : i + _LINE] + "\n" for i in range(0, len(text), _LINE))


class GeneratorSource(Struct, frozen=True):
    """Where the values of a generated resource were written: in the entry at `spot`, in the
    `generatorOptions` at `common`, or in the file behind a key of `pairs`."""

    spot: Spot
    common: Spot | None
    pairs: Mapping[str, Pair]

    def hit(self, route: Route, *, key: bool) -> Hit:  # noqa: ARG002 - entries have no keys
        """See Source."""
        if len(route) == 2 and route[0] in _DATA and str(route[1]) in self.pairs:
            pair = self.pairs[str(route[1])]
            return Hit(pair.spot, "generator")
        return Hit(self._entry_spot(route), "generator")

    def _entry_spot(self, route: Route) -> Spot:
        if route[:1] == ("metadata",) and len(route) >= 2:
            if route[1] in ("labels", "annotations"):
                return self._option("options", *route[1:])
            return self.spot.below(route[1])
        if route == ("immutable",):
            return self._option("options", "immutable")
        if route == ("type",):
            return self.spot.below("type")
        return self.spot

    def _option(self, *steps: str | int) -> Spot:
        own = self.spot.below(*steps)
        value = (
            self.spot.source.documents[self.spot.document].value
            if self.spot.source.documents
            else {}
        )
        if get(value, own.route) is MISSING and self.common is not None:
            return self.common.below(*steps[1:])
        return own


class OverrideStep(Struct, frozen=True):
    """A generator with behavior merge or replace took the place of a resource."""

    generated: Source
    own: Mapping[str, Any]
    merges: bool
    unties: ClassVar[bool] = True

    def back(
        self, route: Route, before: dict[str, Any], after: dict[str, Any]
    ) -> tuple[Hit | None, Route | None]:
        """See Step."""
        there = get(before, route) is not MISSING
        mine = get(self.own, route) is not MISSING
        whole = not isinstance(get(after, route), dict)
        keeps = self.merges or route[:1] == ("metadata",)
        earlier = route if there and keeps else None
        if route[:2] in (("metadata", "name"), ("metadata", "namespace")):
            return None, route if there else None
        if mine and (whole or earlier is None):
            return Hit(self.generated.hit(route, key=False).spot, "generator"), earlier
        return None, earlier


def absorb(resources: list[Resource], generated: Resource, spot: Spot) -> None:
    """Add a generated resource, or let it replace or merge into the one with its identity. Raises
    BuildError when the behavior does not fit what is there."""
    matches = [r for r in resources if r.matches(generated.id)]
    overrides = generated.behavior in ("merge", "replace")
    if not matches:
        if overrides:
            message = f"behavior {generated.behavior}: there is no {generated.id} to change"
            raise BuildError(found(rules.GENERATOR, message, spot.location))
        resources.append(generated)
        return
    if len(matches) > 1:
        message = f"{len(matches)} resources are or were {generated.id}"
        raise BuildError(found(rules.GENERATOR, message, spot.location))
    if not overrides:
        message = f"there is already a {generated.id}"
        hint = "set behavior to merge or replace, or choose another name"
        raise BuildError(found(rules.DUPLICATE_ID, message, spot.location, hint=hint))
    old = matches[0]
    twin = _override(old, generated)
    if sum(r.id == twin.id for r in resources if r is not old) or old.id != twin.id:
        raise BuildError(found(rules.GENERATOR, f"{twin.id} cannot be told apart", spot.location))
    resources[next(i for i, r in enumerate(resources) if r is old)] = twin


def _texts(entries: Any) -> dict[str, str]:
    """The entries of a mapping as texts; anything else has none."""
    if not isinstance(entries, dict):
        return {}
    return {key: text_of(value) for key, value in entries.items()}


def _override(old: Resource, new: Resource) -> Resource:
    """The new resource with the name, namespace, labels and annotations of the old one, and with
    `merge` its data too."""
    value = dict(new.value)
    metadata: dict[str, Any] = {}
    old_metadata = old.value.get("metadata") or {}
    new_metadata = new.value["metadata"]
    for field in ("labels", "annotations"):
        merged = _texts(old_metadata.get(field))
        merged.update(new_metadata.get(field) or {})
        if merged:
            metadata[field] = merged
    metadata["name"] = old.id.name
    if text_of(old_metadata.get("namespace")):
        metadata["namespace"] = text_of(old_metadata["namespace"])
    value["metadata"] = metadata
    if new.behavior == "merge":
        for field in _DATA:
            merged = _texts(old.value.get(field))
            merged.update(new.value.get(field) or {})
            value.pop(field, None)
            if merged:
                value[field] = merged
    twin = old.copy()
    twin.change(value, OverrideStep(new.source, new.value, new.behavior == "merge"))
    twin.hashed = new.hashed and old.hashed
    twin.behavior = old.behavior
    return twin
