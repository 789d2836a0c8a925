"""configurations: and crds:, which tell kustomize about more fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gitops_ci.model.finding import found
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.decode import decode
from gitops_ci.render.kustomize.failure import BuildError
from gitops_ci.render.kustomize.field_specs import (
    EMPTY,
    Config,
    FieldSpec,
    Reference,
    config_of,
)
from gitops_ci.render.kustomize.fields import FIELD_SPEC, STRING, ListOf
from gitops_ci.render.kustomize.ids import Gvk
from gitops_ci.render.kustomize.kustomization import Kustomization
from gitops_ci.render.kustomize.loader import Loader
from gitops_ci.render.kustomize.manifests import refuse_broken
from gitops_ci.render.kustomize.spots import Spot

_SPECS = ListOf(FIELD_SPEC)
_REFERENCES = ListOf({"group": STRING, "version": STRING, "kind": STRING, "fieldSpecs": _SPECS})
_FILE: dict[str, Any] = {
    "namePrefix": _SPECS,
    "nameSuffix": _SPECS,
    "namespace": _SPECS,
    "commonLabels": _SPECS,
    "labels": _SPECS,
    "templateLabels": _SPECS,
    "commonAnnotations": _SPECS,
    "nameReference": _REFERENCES,
    "varReference": _SPECS,
    "images": _SPECS,
    "replicas": _SPECS,
}


def load_configurations(kustomization: Kustomization, loader: Loader) -> Config:
    """What the files of `configurations:` add. Raises BuildError, UnsupportedError and
    ConflictError."""
    config = EMPTY
    for index, path in enumerate(kustomization.get("configurations")):
        source = loader.source(path, kustomization.spot("configurations", index))
        refuse_broken(source)
        if source.documents:
            value = decode(source.documents[0].value, _FILE, Spot(source))
            config = config.merge(config_of(value))
    return config


def load_crds(kustomization: Kustomization, loader: Loader) -> Config:
    """What the OpenAPI definitions of `crds:` add: fields that hold names, labels and annotations,
    marked by `x-kubernetes-…` extensions. Raises BuildError."""
    config = EMPTY
    for index, path in enumerate(kustomization.get("crds")):
        spot = kustomization.spot("crds", index)
        source = loader.source(path, spot)
        refuse_broken(source)
        value = source.documents[0].value if source.documents else {}
        if not isinstance(value, dict):
            message = f"'{path}' holds no OpenAPI definitions"
            raise BuildError(found(rules.INVALID_FIELD, message, spot.location))
        for name, definition in value.items():
            if not isinstance(definition, (dict, type(None))):
                message = "crds wants OpenAPI definitions, not manifests"
                hint = "list a CustomResourceDefinition under resources"
                place = Spot(source).below(name).location
                raise BuildError(found(rules.INVALID_FIELD, message, place, hint=hint))
            if _is_kind(_properties(value, name)):
                config = config.merge(_config_of(value, name))
    return config


def _properties(definitions: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    definition = definitions.get(name)
    schema = definition.get("Schema") if isinstance(definition, dict) else None
    properties = schema.get("properties") if isinstance(schema, dict) else None
    return properties if isinstance(properties, dict) else {}


def _is_kind(properties: Mapping[str, Any]) -> bool:
    return all(name in properties for name in ("kind", "apiVersion", "metadata"))


def _config_of(definitions: Mapping[str, Any], name: str) -> Config:
    gvk = Gvk("", "", name.rpartition(".")[2])
    found_fields = list(_marked(definitions, name, (), ()))
    return Config(
        name_prefix=_specs(gvk, found_fields, "x-kubernetes-identity"),
        common_labels=_specs(gvk, found_fields, "x-kubernetes-label-selector"),
        common_annotations=_specs(gvk, found_fields, "x-kubernetes-annotation"),
        name_reference=tuple(
            Reference(
                Gvk(
                    "",
                    field["x-kubernetes-object-ref-api-version"],
                    field["x-kubernetes-object-ref-kind"],
                ),
                (
                    FieldSpec(
                        "/".join((*path, field.get("x-kubernetes-object-ref-name-key") or "name")),
                        gvk,
                    ),
                ),
            )
            for path, field in found_fields
            if isinstance(field.get("x-kubernetes-object-ref-api-version"), str)
            and isinstance(field.get("x-kubernetes-object-ref-kind"), str)
        ),
    )


def _specs(gvk: Gvk, fields: list[tuple[tuple[str, ...], Any]], mark: str) -> tuple[FieldSpec, ...]:
    return tuple(
        FieldSpec("/".join(path), gvk) for path, field in fields if isinstance(field.get(mark), str)
    )


def _marked(
    definitions: Mapping[str, Any], name: str, path: tuple[str, ...], seen: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    if name in seen:
        return
    for key, field in _properties(definitions, name).items():
        if not isinstance(field, dict):
            continue
        yield (*path, key), field
        if isinstance(field.get("$ref"), str):
            yield from _marked(definitions, field["$ref"], (*path, key), (*seen, name))
