"""Origins for what the reference binary built: the resource in its source file, never exact.

The binary does not say where a value comes from. The object is looked up in the files that the
kustomization reaches; a value is looked up in the resource, then in the patches for it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from msgspec import Struct, field

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import locate
from gitops_ci.documents.manifests import Manifest, manifests_of, ref_of
from gitops_ci.model.finding import ObjectRef
from gitops_ci.model.span import Location, Route
from gitops_ci.render.closure import GENERATOR_FIELDS, Closure, top
from gitops_ci.render.objects import Origin, Step, Trace
from gitops_ci.render.origins import PlaceOrigin
from gitops_ci.render.routes import MISSING, at, items

_GENERATED = {"configMapGenerator": "ConfigMap", "secretGenerator": "Secret"}


class _Candidate(Struct, frozen=True):
    source: SourceFile
    manifest: Manifest
    ref: ObjectRef


class _Guess(Struct, frozen=True):
    """The resource that an object was built from, and the patches that may have touched it."""

    resource: _Candidate
    patches: tuple[_Candidate, ...]
    value: dict[str, Any]

    def trace(self, route: Route, *, key: bool = False) -> Trace:
        """The line of the resource or patch that holds the same value; else the resource's."""
        wanted = at(self.value, route)
        for candidate in (*reversed(self.patches), self.resource):
            if wanted is not MISSING and at(candidate.manifest.value, route) == wanted:
                return self._at(candidate, route, key=key)
        return self._at(self.resource, route, key=key)

    def _at(self, candidate: _Candidate, route: Route, *, key: bool) -> Trace:
        way = candidate.manifest.route + route
        place = locate(
            candidate.source, candidate.manifest.document, way, part="key" if key else "value"
        )
        what = "resource" if candidate is self.resource else "patch"
        return Trace(place.location, (Step(place.location, what),), exact=False)


class OriginFinder(Struct):
    """Finds the origins of the objects that one kustomization gives."""

    closure: Closure
    _resources: dict[str, list[_Candidate]] = field(default_factory=lambda: defaultdict(list))
    _patches: dict[str, list[_Candidate]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for path, source in self.closure.files.items():
            store = self._patches if path in self.closure.patches else self._resources
            for manifest in manifests_of(source):
                ref = ref_of(manifest.value)
                store[ref.kind].append(_Candidate(source, manifest, ref))

    def origin(self, value: dict[str, Any]) -> Origin:
        """The origin of a built object: its resource or generator, else the kustomization."""
        ref = ref_of(value)
        resource = _best(self._resources.get(ref.kind, ()), ref)
        if resource is not None:
            fitting = self._patches.get(ref.kind, ())
            patches = tuple(item for item in fitting if _named(item.ref.name, resource.ref.name))
            return _Guess(resource, patches, value)
        return PlaceOrigin(self._generator(ref) or self._root(), "kustomization")

    def _generator(self, ref: ObjectRef) -> Location | None:
        for source in self.closure.kustomizations:
            for name in GENERATOR_FIELDS:
                if _GENERATED[name] != ref.kind:
                    continue
                for index, item in enumerate(items(top(source), name)):
                    text = item.get("name") if isinstance(item, dict) else None
                    if isinstance(text, str) and text and text in ref.name:
                        return locate(source, 0, (name, index, "name")).location
        return None

    def _root(self) -> Location:
        return Location(self.closure.top)


def _named(name: str, other: str) -> bool:
    return name == other or not name


def _best(candidates: Any, ref: ObjectRef) -> _Candidate | None:
    """The candidate whose name is the object's, or else the longest part of it (a prefix, a suffix
    or a hash may have been added); the same group and namespace break a tie."""
    best: tuple[tuple[int, int, int], _Candidate] | None = None
    for candidate in candidates:
        name = candidate.ref.name
        if not name or name not in ref.name:
            continue
        rank = (
            len(name),
            int(candidate.ref.group == ref.group),
            int(candidate.ref.namespace == ref.namespace),
        )
        if best is None or rank > best[0]:
            best = rank, candidate
    return best[1] if best else None
