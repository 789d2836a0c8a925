"""patches, patchesStrategicMerge, patchesJson6902: reading them and finding their targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from gitops_ci.model.finding import Finding, found
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.failure import BuildError, MismatchError, UnsupportedError
from gitops_ci.render.kustomize.history import Hit
from gitops_ci.render.kustomize.ids import Id
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.selectors import Selector, SelectorError, UnsureError, by_id
from gitops_ci.render.kustomize.spots import Spot
from gitops_ci.render.kustomize.transform.aliases import spread, tied
from gitops_ci.render.kustomize.transform.json_patch import (
    JsonPatchStep,
    OperationError,
    apply_patch,
)
from gitops_ci.render.kustomize.transform.merge import Merger
from gitops_ci.render.kustomize.transform.merge_step import MergeStep
from gitops_ci.render.kustomize.transform.nulls import drop_unwritten
from gitops_ci.render.kustomize.transform.styles import with_old_styles
from gitops_ci.render.kustomize.values import MISSING, Value, get, is_scalar, put, text_of


class Target(Struct, frozen=True):
    """A `target:` selector and the place where it stands; `shared` when that is a component."""

    selector: Selector
    spot: Spot
    shared: bool = False


def target_of(fields: Mapping[str, Any], spot: Spot, *, shared: bool = False) -> Target:
    """The target that the fields state. Raises BuildError and UnsupportedError."""
    try:
        return Target(Selector(fields), spot, shared)
    except SelectorError as error:
        raise BuildError(found(rules.INVALID_PATCH, str(error), spot.location)) from error
    except UnsureError as error:
        message = f"the expression {error} needs the reference"
        raise UnsupportedError("patch-targets", spot.location, message) from error


def nothing_matched(
    resources: Sequence[Resource], chosen: Sequence[Resource], target: Target
) -> list[Finding]:
    """The finding for a patch whose selector matches nothing: kustomize says nothing about it. A
    build without any resource is a placeholder, and a component serves builds of many kinds."""
    if chosen or not resources:
        return []
    message = "this patch changes nothing: its target matches no resource"
    hint = "check kind, name and namespace; name is a regular expression for the whole name"
    severity = Severity.WARNING if target.shared else Severity.ERROR
    location = target.spot.location
    return [found(rules.PATCH_NO_TARGET, message, location, severity=severity, hint=hint)]


class StrategicPatch(Struct, frozen=True):
    """One partial resource. `spot` is its document; `origin` the field that names it. The
    reference applies it in two ways: to what a target selects (`selected`) and to its namesake."""

    merger: Merger
    patch: Resource
    spot: Spot
    origin: Spot
    target: Target | None = None
    rename: bool = False
    rekind: bool = False

    def apply(self, resources: list[Resource]) -> list[Finding]:
        """Change the resources; deleted ones are taken out of the list."""
        if self.target is None:
            chosen = [self._namesake(resources)]
        else:
            chosen = self.target.selector.select(resources)
        gone = [resource for resource in chosen if self._change(resource)]
        if gone:
            resources[:] = [r for r in resources if not any(r is g for g in gone)]
        self._check(resources, chosen)
        return nothing_matched(resources, chosen, self.target) if self.target else []

    def _namesake(self, resources: list[Resource]) -> Resource:
        wanted: Id = self.patch.id
        found_ones = by_id(resources, wanted)
        if len(found_ones) == 1:
            return found_ones[0]
        if found_ones:
            message = f"this patch matches {len(found_ones)} resources that are or were {wanted}"
            hint = "add a target with namespace or labels"
            raise BuildError(found(rules.PATCH_AMBIGUOUS, message, self.origin.location, hint=hint))
        message = f"this patch is for {wanted}, which is not among the resources"
        hint = _near(resources, wanted)
        raise BuildError(found(rules.PATCH_NO_TARGET, message, self.origin.location, hint=hint))

    def _change(self, resource: Resource) -> bool:
        """Merge the patch into one resource; True when that deletes it."""
        if self.rename or self.rekind:
            resource.remember()
        drop_unwritten(resource, self.merger)
        before = resource.value
        patch = self._patch_value(before.get("apiVersion"))
        try:
            merged = self.merger.merge(before, patch)
        except MismatchError as error:
            message = f"this patch does not fit {resource.id}: {error}"
            raise BuildError(found(rules.INVALID_PATCH, message, self.spot.location)) from error
        if merged is MISSING or not merged:
            return True
        if merged is before:
            return False
        restyled = self.merger.restyled
        merged = self._kept(before, merged)
        if _loses_annotations(patch):
            resource.forget()
        renames = self.rename or self.rekind
        groups = tied(resource) if resource.entries and resource.entries & _names(patch) else []
        step = MergeStep(self.merger, patch, self.spot, renames=renames)
        if restyled:
            merged = with_old_styles(resource, merged, step)
        resource.change(merged, step)
        if groups:
            self._spread(resource, groups, before, patch)
        return False

    def _spread(
        self,
        resource: Resource,
        groups: list[set[Route]],
        before: dict[str, Any],
        patch: dict[str, Any],
    ) -> None:
        """Carry patched labels to the places tied to them; the last one written counts."""
        routes = sorted({route for group in groups for route in group}, key=str)
        for route in routes:
            new = get(patch, route)
            if is_scalar(new) and new is not None and get(before, route) is not MISSING:
                spread(resource, groups, [(route, new)], Hit(self.spot.below(*route), "patch"))

    def _patch_value(self, version: Value) -> dict[str, Any]:
        patch = self.patch.value
        if self.target is None:
            return patch
        changed: dict[str, Any] = put(_texts(patch), ("apiVersion",), version)
        return changed

    def _kept(self, before: dict[str, Any], merged: dict[str, Any]) -> dict[str, Any]:
        """Kind, name and namespace stay unless the options allow a change."""
        metadata = before.get("metadata") or {}
        if not self.rekind and merged.get("kind") != before.get("kind"):
            merged = put(merged, ("kind",), before.get("kind"))
        if not isinstance(merged.get("metadata"), dict):
            merged = put(merged, ("metadata",), {})
        fields = dict(merged["metadata"])
        if not self.rename:
            fields["name"] = metadata.get("name")
        if metadata.get("namespace"):
            fields["namespace"] = metadata["namespace"]
        else:
            fields.pop("namespace", None)
        return merged if fields == merged["metadata"] else {**merged, "metadata": fields}

    def _check(self, resources: Sequence[Resource], changed: Sequence[Resource]) -> None:
        if not (self.rename or self.rekind):
            return
        for resource in changed:
            if sum(other.id == resource.id for other in resources) > 1:
                message = f"this patch makes two resources {resource.id}"
                raise BuildError(found(rules.DUPLICATE_ID, message, self.origin.location))


_known_names: dict[int, tuple[Any, frozenset[str]]] = {}
_REMEMBERED = 5_000


def _names(patch: dict[str, Any]) -> frozenset[str]:
    """Every key in the patch, remembered per patch."""
    known = _known_names.get(id(patch))
    if known is not None and known[0] is patch:
        return known[1]
    names: set[str] = set()
    stack: list[Any] = [patch]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            names.update(item)
            stack.extend(item.values())
    if len(_known_names) > _REMEMBERED:
        _known_names.clear()
    result = frozenset(names)
    _known_names[id(patch)] = (patch, result)
    return result


def _texts(patch: dict[str, Any]) -> dict[str, Any]:
    """A patch with a target has its labels and annotations rewritten as texts by the reference,
    which also turns nulls in them into texts and drops empty mappings."""
    metadata = patch.get("metadata")
    if not isinstance(metadata, dict):
        return patch
    result = dict(metadata)
    for name in ("labels", "annotations"):
        entries = result.pop(name, None)
        if isinstance(entries, dict) and entries:
            result[name] = {
                key: "null" if value is None else text_of(value) for key, value in entries.items()
            }
    return {**patch, "metadata": result}


def _loses_annotations(patch: dict[str, Any]) -> bool:
    metadata = patch.get("metadata", MISSING)
    if not isinstance(metadata, dict):
        return metadata is None
    annotations = metadata.get("annotations", MISSING)
    if isinstance(annotations, dict):
        return annotations.get("$patch") in ("replace", "delete")
    return annotations is None or metadata.get("$patch") == "replace"


def _near(resources: Sequence[Resource], wanted: Id) -> str:
    """A hint that names what comes closest."""
    for resource in resources:
        if resource.original.name == wanted.name or resource.id.name == wanted.name:
            return f"there is a {resource.id}: check kind, apiVersion and namespace"
    same = [str(r.original.name) for r in resources if r.gvk.kind == wanted.gvk.kind]
    if same:
        return f"the {wanted.gvk.kind} resources here are: {', '.join(sorted(same)[:5])}"
    return ""


class JsonPatch(Struct, frozen=True):
    """A list of operations for what `target` selects. `remembers` is False for the older
    `patchesJson6902`, which does not keep the identity that it may change."""

    operations: Sequence[Mapping[str, Any]]
    spot: Spot
    target: Target
    remembers: bool = True
    problem: BuildError | None = None

    def apply(self, resources: list[Resource]) -> list[Finding]:
        """Change the resources that are selected."""
        chosen = self.target.selector.select(resources)
        if chosen and self.problem is not None:
            raise self.problem
        step = JsonPatchStep(self.operations, self.spot)
        for resource in chosen:
            if self.remembers:
                resource.remember()
            before = _with_annotations(resource)
            try:
                value = apply_patch(before, self.operations)
            except OperationError as error:
                place = self.spot.below(error.index, "path").location
                message = f"this operation does not fit {resource.id}: {error}"
                raise BuildError(found(rules.INVALID_PATCH, message, place)) from error
            if not _is_object(value):
                message = f"this patch leaves no object of {resource.id}"
                raise BuildError(found(rules.INVALID_PATCH, message, self.spot.location))
            resource.value = before
            resource.change(value, step)
        return nothing_matched(resources, chosen, self.target)


def _is_object(value: Value) -> bool:
    metadata = value.get("metadata") if isinstance(value, dict) else None
    return isinstance(metadata, dict) and bool(value.get("kind") and metadata.get("name"))


def _with_annotations(resource: Resource) -> dict[str, Any]:
    """The value with annotations where the reference has put bookkeeping there, so that a patch
    may add an annotation to a resource without any."""
    metadata = resource.value.get("metadata")
    if not resource.marked or not isinstance(metadata, dict) or metadata.get("annotations"):
        return resource.value
    return {**resource.value, "metadata": {**metadata, "annotations": {}}}
