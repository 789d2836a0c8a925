"""One kustomization: its decoded fields, and where each of them stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from gitops_ci.documents.document import SourceFile
from gitops_ci.model.finding import found
from gitops_ci.model.span import Location, Route
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.decode import decode
from gitops_ci.render.kustomize.failure import BuildError, UnsupportedError
from gitops_ci.render.kustomize.fields import KUSTOMIZATION
from gitops_ci.render.kustomize.manifests import refuse_broken
from gitops_ci.render.kustomize.model import Layer
from gitops_ci.render.kustomize.spots import Spot

COMPONENT = "Component"
_VERSIONS = {
    "Kustomization": "kustomize.config.k8s.io/v1beta1",
    COMPONENT: "kustomize.config.k8s.io/v1alpha1",
}


class Kustomization(Struct, frozen=True):
    """The decoded `fields` of the kustomization in `directory`, written in the document `top`.
    `routes` is set for a layer, whose fields stand anywhere in another file."""

    directory: str
    fields: Mapping[str, Any]
    top: Spot
    routes: Mapping[str, Route] | None = None

    @property
    def is_component(self) -> bool:
        """Whether it is a Component."""
        return self.fields.get("kind") == COMPONENT

    def get(self, name: str) -> Any:
        """The value of a field; an empty tuple when it is not there."""
        return self.fields.get(name, ())

    def spot(self, name: str, *route: str | int, key: bool = False) -> Spot:
        """Where a field, or a value inside it, stands."""
        if self.routes is None:
            return self.top.at((*self.top.route, name, *route), key=key)
        start = self.routes.get(name)
        if start is None:
            return self.top
        return self.top.at((*start, *route), key=key)

    def location(self, name: str, *route: str | int) -> Location:
        """The location of a field, or of a value inside it."""
        return self.spot(name, *route).location


def read_kustomization(source: SourceFile, directory: str) -> Kustomization:
    """The kustomization in `source`. Raises BuildError for what kustomize refuses and
    UnsupportedError for an unknown field."""
    refuse_broken(source, duplicates=True)
    top = Spot(source)
    value = source.documents[0].value if source.documents else None
    if not value:
        message = "this kustomization file is empty"
        raise BuildError(found(rules.INVALID_FIELD, message, Location(source.path)))
    fields = decode(value, KUSTOMIZATION, top)
    kind = fields.get("kind") or "Kustomization"
    if kind not in _VERSIONS:
        message = f"kind must be Kustomization or Component, not {kind}"
        raise BuildError(found(rules.INVALID_FIELD, message, top.below("kind").location))
    version = fields.get("apiVersion") or _VERSIONS[kind]
    if version != _VERSIONS[kind]:
        message = f"apiVersion of a {kind} must be {_VERSIONS[kind]}"
        raise BuildError(found(rules.INVALID_FIELD, message, top.below("apiVersion").location))
    if not fields.keys() - {"kind", "apiVersion"}:
        message = "this kustomization does nothing: it has no fields but kind and apiVersion"
        raise BuildError(found(rules.INVALID_FIELD, message, top.location))
    return Kustomization(directory, fields, top)


def layer_kustomization(layer: Layer) -> Kustomization:
    """The kustomization that a layer describes. Raises as `read_kustomization` does."""
    top = Spot(layer.source, layer.document)
    fields: dict[str, Any] = {}
    for name, value in layer.fields.items():
        spot = top.at(layer.routes.get(name, ()))
        if name not in KUSTOMIZATION:
            message = f"kustomize 5.5 has no field '{name}'"
            raise UnsupportedError("unknown-field", spot.location, message)
        if value is not None:
            fields[name] = decode(value, KUSTOMIZATION[name], spot)
    return Kustomization(layer.directory, fields, top, layer.routes)
