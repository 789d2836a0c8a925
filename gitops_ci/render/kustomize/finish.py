"""What is done once, at the end of a build: hashes, references, vars, order, cleaning up."""

from __future__ import annotations

from typing import Any

from gitops_ci.render.kustomize.accumulate import Accumulator, duplicate
from gitops_ci.render.kustomize.failure import BuildError, UnsupportedError
from gitops_ci.render.kustomize.field_specs import FieldSpec
from gitops_ci.render.kustomize.ids import Id
from gitops_ci.render.kustomize.kustomization import Kustomization
from gitops_ci.render.kustomize.order import sort_resources
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.trace import ResourceOrigin, spot_of
from gitops_ci.render.kustomize.transform.entries import EntriesTransformer
from gitops_ci.render.kustomize.transform.names import add_hashes
from gitops_ci.render.kustomize.transform.nulls import written
from gitops_ci.render.kustomize.transform.references import fix_references
from gitops_ci.render.kustomize.transform.variables import resolve
from gitops_ci.render.kustomize.values import text_of
from gitops_ci.render.objects import RenderedObject

_LABEL_OPTION = "managedByLabel"
_LABEL = {"app.kubernetes.io/managed-by": "kustomize-v5.5.0"}
_INTERNAL = "internal.config.kubernetes.io/"
_BOOKKEEPING = frozenset(
    (
        "config.kubernetes.io/origin",
        "alpha.config.kubernetes.io/transformations",
        "config.kubernetes.io/index",
        "config.kubernetes.io/path",
        "config.k8s.io/id",
        *(
            _INTERNAL + name
            for name in (
                "previousKinds",
                "previousNames",
                "previousNamespaces",
                "prefixes",
                "suffixes",
                "allowNameChange",
                "allowKindChange",
                "refBy",
                "generatorBehavior",
                "needsHashSuffix",
                "path",
                "index",
                "seqindent",
                "id",
                "annotations-migration-resource-id",
            )
        ),
    )
)
"""Annotations that kustomize uses for itself and removes at the end, whoever wrote them."""
_LOCAL = "config.kubernetes.io/local-config"


def finish(result: Accumulator, kustomization: Kustomization) -> tuple[RenderedObject, ...]:
    """The objects of the build in their order."""
    _refuse_metadata(kustomization)
    resources = result.resources
    add_hashes(resources)
    fix_references(resources, result.config)
    resolve(result.variables, resources, result.config.var_reference)
    resources = [resource for resource in resources if not _is_local(resource)]
    _refuse_twins(resources, kustomization)
    options = kustomization.fields.get("sortOptions")
    sort_resources(resources, options, kustomization.spot("sortOptions"))
    _add_label(resources, kustomization)
    return tuple(_rendered(resource) for resource in resources)


def _refuse_twins(resources: list[Resource], kustomization: Kustomization) -> None:
    """Raise BuildError when a patch or another transformer gave two resources one identity."""
    known: set[Id] = set()
    for resource in resources:
        if resource.id in known:
            spot = spot_of(resource, ("metadata", "name")) or kustomization.top
            raise BuildError(duplicate(resources, resource, spot))
        known.add(resource.id)


def _refuse_metadata(kustomization: Kustomization) -> None:
    for index, word in enumerate(kustomization.get("buildMetadata")):
        if word != _LABEL_OPTION:
            location = kustomization.location("buildMetadata", index)
            raise UnsupportedError("buildMetadata", location, f"{word} needs the reference")


def _add_label(resources: list[Resource], kustomization: Kustomization) -> None:
    """The label of `buildMetadata: [managedByLabel]`, with the version of the reference."""
    words = kustomization.get("buildMetadata")
    if _LABEL_OPTION in words:
        spot = kustomization.spot("buildMetadata", list(words).index(_LABEL_OPTION))
        specs = (FieldSpec("metadata/labels", create=True),)
        EntriesTransformer(_LABEL, specs, spot, "buildMetadata").apply(resources)


def _annotations(value: dict[str, Any]) -> dict[str, Any] | None:
    metadata = value.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    return annotations if isinstance(annotations, dict) else None


def _is_local(resource: Resource) -> bool:
    annotations = _annotations(resource.value)
    if not annotations or _LOCAL not in annotations:
        return False
    return text_of(annotations[_LOCAL]) != "false"


def _rendered(resource: Resource) -> RenderedObject:
    """The object as it is printed: annotations are texts, those for bookkeeping are gone, and
    there is always metadata."""
    value = resource.value
    metadata = value.get("metadata")
    if metadata is None:
        value = {**value, "metadata": {}}
    elif isinstance(metadata, dict) and "annotations" in metadata:
        old = metadata["annotations"]
        new = _printed(resource, old) if isinstance(old, dict) else {}
        if new != old or not new:
            fields = {key: item for key, item in metadata.items() if key != "annotations"}
            value = {**value, "metadata": {**fields, "annotations": new} if new else fields}
    return RenderedObject(value, ResourceOrigin(resource))


def _printed(resource: Resource, annotations: dict[str, Any]) -> dict[str, Any]:
    return {
        key: item if isinstance(item, str) else _annotation(resource, key, item)
        for key, item in annotations.items()
        if key not in _BOOKKEEPING
    }


def _annotation(resource: Resource, key: str, item: Any) -> str:
    if item is None:
        return written(resource, ("metadata", "annotations", key))
    return text_of(item)
