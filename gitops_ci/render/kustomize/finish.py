"""What is done once, at the end of a build: hashes, references, vars, order, cleaning up."""

from __future__ import annotations

from typing import Any

from gitops_ci.render.kustomize.accumulate import Accumulator
from gitops_ci.render.kustomize.failure import UnsupportedError
from gitops_ci.render.kustomize.field_specs import FieldSpec
from gitops_ci.render.kustomize.kustomization import Kustomization
from gitops_ci.render.kustomize.order import sort_resources
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.trace import ResourceOrigin
from gitops_ci.render.kustomize.transform.entries import EntriesTransformer
from gitops_ci.render.kustomize.transform.names import add_hashes
from gitops_ci.render.kustomize.transform.nulls import written
from gitops_ci.render.kustomize.transform.references import fix_references
from gitops_ci.render.kustomize.transform.variables import resolve
from gitops_ci.render.kustomize.values import put, text_of
from gitops_ci.render.objects import RenderedObject

_LABEL_OPTION = "managedByLabel"
_LABEL = {"app.kubernetes.io/managed-by": "kustomize-v5.5.0"}
_LOCAL = "config.kubernetes.io/local-config"


def finish(result: Accumulator, kustomization: Kustomization) -> tuple[RenderedObject, ...]:
    """The objects of the build in their order."""
    _refuse_metadata(kustomization)
    resources = result.resources
    add_hashes(resources)
    fix_references(resources, result.config)
    resolve(result.variables, resources, result.config.var_reference)
    resources = [resource for resource in resources if not _is_local(resource)]
    options = kustomization.fields.get("sortOptions")
    sort_resources(resources, options, kustomization.spot("sortOptions"))
    _add_label(resources, kustomization)
    return tuple(_rendered(resource) for resource in resources)


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
    """The object; annotations become texts and disappear when there are none."""
    value = resource.value
    metadata = value.get("metadata")
    if isinstance(metadata, dict) and "annotations" in metadata:
        annotations = metadata["annotations"]
        if not annotations:
            fields = {key: item for key, item in metadata.items() if key != "annotations"}
            value = put(value, ("metadata",), fields)
        elif isinstance(annotations, dict) and not all(
            isinstance(item, str) for item in annotations.values()
        ):
            texts = {key: _annotation(resource, key, item) for key, item in annotations.items()}
            value = put(value, ("metadata", "annotations"), texts)
    return RenderedObject(value, ResourceOrigin(resource))


def _annotation(resource: Resource, key: str, item: Any) -> str:
    if item is None:
        return written(resource, ("metadata", "annotations", key))
    return text_of(item)
