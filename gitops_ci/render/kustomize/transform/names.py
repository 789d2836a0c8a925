"""namePrefix, nameSuffix and the content hash of generated names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from msgspec import Struct

from gitops_ci.documents.scalars import resolve_kustomize
from gitops_ci.model.span import Route
from gitops_ci.render.kustomize.failure import MismatchError
from gitops_ci.render.kustomize.field_specs import FieldSpec
from gitops_ci.render.kustomize.history import Hit
from gitops_ci.render.kustomize.ids import Gvk, metadata_text
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.spots import Spot
from gitops_ci.render.kustomize.transform.writes import WriteStep, mismatch
from gitops_ci.render.kustomize.values import MISSING, Value, is_scalar, put, text_of
from gitops_ci.render.kustomize.walk import leaves, split_path, update

_NAME = ("metadata", "name")


def _keeps_name(gvk: Gvk) -> bool:
    """Kinds whose name means more than an identity, so that kustomize never decorates it."""
    return gvk.kind in ("CustomResourceDefinition", "Namespace") or (
        gvk.kind == "APIService" and gvk.group == "apiregistration.k8s.io"
    )


class AffixTransformer(Struct, frozen=True):
    """Puts `text` before (`prefix`) or behind the fields that `specs` name."""

    text: str
    specs: Sequence[FieldSpec]
    spot: Spot
    prefix: bool

    @property
    def _what(self) -> str:
        return "name prefix" if self.prefix else "name suffix"

    def apply(self, resources: list[Resource]) -> None:
        """Change every resource whose kind may be renamed."""
        step = WriteStep(self._touches)
        for resource in resources:
            original = resource.original.gvk
            if _keeps_name(original):
                continue
            value = resource.value
            for spec in self.specs:
                if not original.selected_by(spec.gvk):
                    continue
                if spec.path == "metadata/name" and self.text:
                    self._note(resource)
                if not resource.gvk.selected_by(spec.gvk):
                    continue
                try:
                    value = update(value, split_path(spec.path), self._set, create=spec.create)
                except MismatchError as error:
                    raise mismatch(error, resource, self.spot.location, self._what) from error
            if value is not resource.value:
                resource.change(value, step)

    def _note(self, resource: Resource) -> None:
        if self.prefix:
            resource.prefixes = (*resource.prefixes, self.text)
        else:
            resource.suffixes = (*resource.suffixes, self.text)
        resource.remember()

    def _set(self, current: Value) -> Value:
        if current is not MISSING and not is_scalar(current):
            raise MismatchError("the name is not a single value")
        if not self.text:
            return current
        text = text_of(current)
        new = self.text + text if self.prefix else text + self.text
        return new if isinstance(current, str) else resolve_kustomize(new)

    def _touches(self, value: dict[str, Any]) -> Iterator[tuple[Route, Hit]]:
        for spec in self.specs:
            for route in leaves(value, split_path(spec.path), create=spec.create):
                yield route, Hit(self.spot, self._what, partial=True)


def add_hashes(resources: list[Resource]) -> None:
    """Append the content hash to the names of generated ConfigMaps and Secrets."""
    for resource in resources:
        if resource.hashed:
            digest = content_hash(resource.value)
            resource.remember()
            name = f"{metadata_text(resource.value, 'name')}-{digest}"
            resource.change(put(resource.value, _NAME, name), HashStep())


class HashStep:
    """The name got a hash: whoever looks for the name wants the earlier place."""

    unties: ClassVar[bool] = False

    def back(
        self, route: Route, _before: dict[str, Any], _after: dict[str, Any]
    ) -> tuple[Hit | None, Route | None]:
        """See Step."""
        return None, route


def content_hash(value: dict[str, Any]) -> str:
    """The suffix that kustomize gives a ConfigMap or Secret with this content: ten hexadecimal
    digits of a sha256, some replaced so that no word comes out. The name itself is not part of it.
    Source: the page "Generating Resources" and the `kubectl` hash it is compatible with."""
    kind = value.get("kind")
    content: dict[str, Any] = {"kind": kind, "name": "", "data": value.get("data", "")}
    if kind == "Secret":
        content["type"] = text_of(value.get("type"))
        extra = "stringData"
    else:
        extra = "binaryData"
    if isinstance(value.get(extra), dict):
        content[extra] = value[extra]
    if content["data"] is None:
        content["data"] = "null"
    digest = hashlib.sha256(go_json(content).encode()).hexdigest()[:10]
    return digest.translate(_SOFTEN)


_SOFTEN = str.maketrans({"0": "g", "1": "h", "3": "k", "a": "m", "e": "t"})
_ESCAPES = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


def go_json(value: Value) -> str:
    """The value as Go's encoding/json writes it: sorted keys, no spaces, HTML escaped."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    for character, escape in _ESCAPES.items():
        if character in text:
            text = text.replace(character, escape)
    return text
