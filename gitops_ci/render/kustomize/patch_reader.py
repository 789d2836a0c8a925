"""Reading the patches of a kustomization: inline texts and files, of either kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gitops_ci.documents.document import SourceFile
from gitops_ci.model.finding import found
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.dialect import through_json
from gitops_ci.render.kustomize.failure import BuildError
from gitops_ci.render.kustomize.history import DocumentSource
from gitops_ci.render.kustomize.inline import InlineTexts
from gitops_ci.render.kustomize.kustomization import Kustomization
from gitops_ci.render.kustomize.loader import Loader
from gitops_ci.render.kustomize.manifests import refuse_broken, resources_of
from gitops_ci.render.kustomize.spots import Spot
from gitops_ci.render.kustomize.transform.json_patch import OPERATIONS, is_whole, pointer_parts
from gitops_ci.render.kustomize.transform.merge import Merger
from gitops_ci.render.kustomize.transform.patches import (
    JsonPatch,
    StrategicPatch,
    Target,
    target_of,
)

Patch = StrategicPatch | JsonPatch


class PatchReader:
    """Reads the patches that one kustomization names, through its loader."""

    def __init__(self, loader: Loader, inline: InlineTexts, merger: Merger) -> None:
        self.loader = loader
        self._inline = inline
        self._merger = merger

    def strategic_merge(self, kustomization: Kustomization) -> Iterator[Patch]:
        """The entries of patchesStrategicMerge: each a text or a file."""
        for index, text in enumerate(kustomization.get("patchesStrategicMerge")):
            spot = kustomization.spot("patchesStrategicMerge", index)
            yield from self.strategic_text_or_file(text, spot)

    def strategic_text_or_file(self, text: str, spot: Spot) -> Iterator[Patch]:
        """A partial resource, or several, in a text or in the file that the text names."""
        if "\n" in text or ":" in text or text.lstrip().startswith("{"):
            source = self._inline.source(spot.source.path, text)
            yield from self._strategic(source, spot, spot, None, {})
        else:
            yield from self._strategic(self.loader.source(text, spot), None, spot, None, {})

    def patches(self, kustomization: Kustomization) -> Iterator[Patch]:
        """The entries of patches."""
        shared = kustomization.is_component
        for index, entry in enumerate(kustomization.get("patches")):
            yield from self.patch(entry, kustomization.spot("patches", index), shared=shared)

    def patch(
        self, entry: Mapping[str, Any], spot: Spot, *, shared: bool = False
    ) -> Iterator[Patch]:
        """The patches of one entry with patch or path, target and options."""
        source, outer, origin = self._text(entry, "patch", spot, trimmed=True)
        fields = entry.get("target")
        target = None
        if fields is not None:
            target = target_of(fields, spot.below("target"), shared=shared)
        refuse_broken(source, Spot(source, outer=outer))
        values = [document.value for document in source.documents]
        if not values:
            raise self._error("this patch is empty", origin)
        if isinstance(values[0], list):
            if target is None:
                raise self._error("a list of operations needs a target", origin)
            yield self._operations(source, outer, origin, target, remembers=True)
            return
        yield from self._strategic(source, outer, origin, target, entry.get("options") or {})

    def _text(
        self, entry: Mapping[str, Any], field: str, spot: Spot, *, trimmed: bool = False
    ) -> tuple[SourceFile, Spot | None, Spot]:
        """The source of a patch, the scalar around it if it is inline, and the field itself. With
        `trimmed` line breaks at the end of the text, and so those of a last value in it, are lost.
        """
        text, path = (entry.get(field) or "").strip(), entry.get("path") or ""
        if bool(text) == bool(path):
            message = f"a patch needs either {field} or path"
            raise self._error(message, spot)
        if path:
            place = spot.below("path")
            return self.loader.source(path, place), None, place
        place = spot.below(field)
        text = entry[field].rstrip() if trimmed else entry[field]
        return self._inline.source(spot.source.path, text), place, place

    def _error(self, message: str, spot: Spot) -> BuildError:
        return BuildError(found(rules.INVALID_PATCH, message, spot.location))

    def _strategic(
        self,
        source: SourceFile,
        outer: Spot | None,
        origin: Spot,
        target: Target | None,
        options: Mapping[str, Any],
    ) -> Iterator[Patch]:
        patches = resources_of(source, outer, "patch")
        if not patches:
            raise self._error("this patch is empty", origin)
        if target is not None and len(patches) > 1:
            raise self._error("several patches in one entry cannot share a target", origin)
        rename = bool(options.get("allowNameChange"))
        rekind = bool(options.get("allowKindChange"))
        for patch in patches:
            assert isinstance(patch.source, DocumentSource)
            spot = patch.source.spot
            yield StrategicPatch(self._merger, patch, spot, origin, target, rename, rekind)

    def json6902(self, kustomization: Kustomization) -> Iterator[Patch]:
        """The entries of patchesJson6902."""
        for index, entry in enumerate(kustomization.get("patchesJson6902")):
            yield self.older_json(entry, kustomization.spot("patchesJson6902", index), "patch")

    def older_json(self, entry: Mapping[str, Any], spot: Spot, field: str) -> JsonPatch:
        """The patch of one entry; its target must have a name."""
        fields = entry.get("target") or {}
        if not fields.get("name"):
            raise self._error("patchesJson6902 needs a target with a name", spot)
        target = target_of(fields, spot.below("target"))
        source, outer, origin = self._text(entry, field, spot)
        refuse_broken(source, Spot(source, outer=outer))
        return self._operations(source, outer, origin, target, remembers=False)

    def _operations(
        self,
        source: SourceFile,
        outer: Spot | None,
        origin: Spot,
        target: Target,
        *,
        remembers: bool,
    ) -> JsonPatch:
        value = through_json(source.documents[0].value) if source.documents else None
        spot = Spot(source, outer=outer)
        if not isinstance(value, list) or not value:
            raise self._error("this patch is no list of operations", origin)
        problem = None
        for index, operation in enumerate(value):
            if not isinstance(operation, dict):
                raise self._error("this item is no operation", spot.below(index))
            problem = problem or _problem_of(operation, spot.below(index))
        return JsonPatch(value, spot, target, remembers, problem)


def _problem_of(operation: Mapping[str, Any], spot: Spot) -> BuildError | None:
    """What is wrong with an operation; the reference sees it only when it applies the patch."""
    problem = ""
    place = spot
    if is_whole(operation):
        return None
    if operation.get("op") not in OPERATIONS:
        words = ", ".join(OPERATIONS)
        problem, place = f"op must be one of {words}", spot.below("op")
    else:
        for field in ("path", "from") if operation["op"] in ("move", "copy") else ("path",):
            try:
                pointer_parts(_pointer(operation, field))
            except ValueError as error:
                problem, place = str(error), spot.below(field)
    if not problem:
        return None
    return BuildError(found(rules.INVALID_PATCH, problem, place.location))


def _pointer(operation: Mapping[str, Any], field: str) -> str:
    pointer = operation.get(field)
    if not isinstance(pointer, str):
        raise ValueError(f"this operation has no {field}")
    return pointer
