"""Fields that a controller adds to a kustomization before it builds it.

Flux and Argo CD both change the kustomization file itself (Flux by writing it, Argo CD through
`kustomize edit`), so their fields act inside the kustomization and not on top of its result."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from gitops_ci.documents.manifests import Manifest, manifests_of, ref_of
from gitops_ci.documents.read import read
from gitops_ci.model.span import Route
from gitops_ci.render.closure import Closure, top, walk
from gitops_ci.render.kustomize_binary import KustomizeBinary
from gitops_ci.render.objects import Origin, RenderedObject, Step, Trace
from gitops_ci.render.origins import ThroughOrigin
from gitops_ci.render.paths import kustomization_in
from gitops_ci.render.result import Result
from gitops_ci.render.routes import MISSING, at, items, mapping, text

_APPENDED = ("patches", "patchesStrategicMerge", "patchesJson6902", "components", "labels")
_BY_NAME = ("images", "replicas")
_MERGED = ("commonLabels", "commonAnnotations")


class Layer(Struct, frozen=True):
    """What a controller adds to the kustomization of `directory`: `fields` of a kustomization, and
    for each of them where it stands in the deployer's object. `resources` are the paths, relative
    to the directory, that make up the kustomization when the directory has none."""

    directory: str
    fields: dict[str, Any]
    routes: dict[str, Route]
    deployer: Origin
    resources: tuple[str, ...] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is added, so that the directory can be built as it is."""
        return not self.fields and self.resources is None


class LayerBuilder(Protocol):
    """Builds a kustomization with a layer."""

    def __call__(self, layer: Layer) -> Result:
        """What the kustomization gives with the fields of the layer."""
        ...


def merged(own: dict[str, Any], layer: Layer) -> dict[str, Any]:
    """The kustomization `own` with the fields of the layer, a new mapping."""
    result = dict(own)
    if layer.resources is not None:
        result["resources"] = list(layer.resources)
    for name, value in layer.fields.items():
        if name in _APPENDED:
            result[name] = [*items(own, name), *value]
        elif name in _BY_NAME:
            taken = {text(item, "name") for item in value}
            kept = [item for item in items(own, name) if text(item, "name") not in taken]
            result[name] = [*kept, *value]
        elif name in _MERGED:
            result[name] = {**mapping(own, name), **value}
        else:
            result[name] = value
    return result


class BinaryLayerBuilder(Struct, frozen=True):
    """Builds layers with the reference binary, in a shadow of the directory."""

    binary: KustomizeBinary

    def __call__(self, layer: Layer) -> Result:
        """What the binary gives for the kustomization with the fields of the layer."""
        files, workspace = self.binary.files, self.binary.workspace
        path = kustomization_in(files.tree, layer.directory)
        own = top(files.source(path)) if path else {}
        closure = walk(files, layer.directory, layer.resources or ())
        if self.binary.command() is None:
            return self.binary.build(layer.directory)
        with workspace.scratch() as scratch:
            folder = _shadow(workspace.root(), layer.directory, scratch)
            data = json.dumps(merged(own, layer), ensure_ascii=False)
            (folder / "kustomization.yaml").write_text(data, "utf-8")
            result = self.binary.build_folder(folder, closure, layer.directory)
        return _traced(result, layer, closure)


def _shadow(root: Path, directory: str, scratch: Path) -> Path:
    """A folder that looks like `directory` inside the repository, with links for everything but
    the way to it and its kustomization file, which is left out."""
    shadow, real = scratch / "tree", root
    shadow.mkdir()
    for step in (*(part for part in directory.split("/") if part), ""):
        hidden = {step} if step else {"kustomization.yaml", "kustomization.yml", "Kustomization"}
        for entry in real.iterdir():
            if entry.name not in hidden:
                (shadow / entry.name).symlink_to(entry)
        if step:
            shadow, real = shadow / step, real / step
            shadow.mkdir()
    return shadow


class _Patch(Struct, frozen=True):
    manifest: Manifest
    route: Route


class _LayerOrigins(Struct):
    """Says which values a layer's own fields set, as far as that can be seen in the result."""

    layer: Layer
    patches: list[_Patch] = field(default_factory=list)

    def __post_init__(self) -> None:
        for index, item in enumerate(self.layer.fields.get("patches", ())):
            words = text(item, "patch")
            route = (*self.layer.routes.get("patches", ()), index, "patch")
            for manifest in manifests_of(read("patch.yaml", words.encode())):
                self.patches.append(_Patch(manifest, route))

    def override(self, value: dict[str, Any]) -> Callable[[Route], Trace | None]:
        kind = ref_of(value).kind

        def find(route: Route) -> Trace | None:
            wanted = at(value, route)
            for patch in reversed(self.patches):
                known = ref_of(patch.manifest.value).kind
                if known == kind and at(patch.manifest.value, route) == wanted is not MISSING:
                    return self._trace(patch.route)
            name = _FIELD_OF_ROUTE.get(route)
            if name in self.layer.fields:
                return self._trace(self.layer.routes[name])
            return self._image(route, wanted)

        return find

    def _image(self, route: Route, wanted: Any) -> Trace | None:
        if not route or route[-1] != "image" or not isinstance(wanted, str):
            return None
        for index, item in enumerate(self.layer.fields.get("images", ())):
            name = text(item, "newName") or text(item, "name")
            if name and wanted.startswith((f"{name}:", f"{name}@")):
                return self._trace((*self.layer.routes["images"], index))
        return None

    def _trace(self, route: Route) -> Trace:
        trace = self.layer.deployer.trace(route)
        return Trace(trace.location, trace.chain, exact=False)


_FIELD_OF_ROUTE: dict[Route, str] = {("metadata", "namespace"): "namespace"}


def _traced(result: Result, layer: Layer, closure: Closure) -> Result:
    """The result of the binary with the origins of what the layer itself set."""
    origins = _LayerOrigins(layer)
    station = Step(layer.deployer.trace(()).location, "deployer")
    objects = tuple(
        RenderedObject(
            item.value, ThroughOrigin(item.origin, station, origins.override(item.value))
        )
        for item in result.objects
    )
    return replace(result, objects=objects, used=result.used | closure.used)
