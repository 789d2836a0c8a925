"""Where the chart of a HelmRelease comes from when that is not a git repository: HelmRepository,
OCIRepository and HelmChart objects. Fields: source.toolkit.fluxcd.io."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gitops_ci.documents.manifests import manifests_of, ref_of
from gitops_ci.model.span import Location, Route
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.origins import SourceOrigin
from gitops_ci.render.routes import mapping, text
from gitops_ci.repo.files import Files

if TYPE_CHECKING:  # needed by few repositories, while every run makes a ChartSources
    from gitops_ci.render.fetched.model import ChartPin

_GROUP = "source.toolkit.fluxcd.io"
_KINDS = ("HelmRepository", "OCIRepository", "HelmChart")


class ChartSources:
    """Source objects by kind and name. Those of rendered objects win over those of files."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._rendered: dict[tuple[str, str], list[RenderedObject]] = defaultdict(list)
        self._written: dict[tuple[str, str], list[RenderedObject]] | None = None

    def note(self, objects: Iterable[RenderedObject]) -> None:
        """Remember the source objects among rendered objects."""
        for item in objects:
            if item.value.get("kind") in _KINDS and item.ref.group == _GROUP:
                self._rendered[item.ref.kind, item.ref.name].append(item)

    def pin(self, release: RenderedObject) -> ChartPin | None:
        """The chart that a HelmRelease asks for; None when its source is not here."""
        spec = mapping(release.value, "spec")
        reference = mapping(spec, "chartRef")
        if not reference:
            return self._chart(release, ("spec", "chart", "spec"))
        source = self._find(reference, release)
        if source is None:
            return None
        if source.ref.kind == "OCIRepository":
            return _registry(source)
        return self._chart(source, ("spec",)) if source.ref.kind == "HelmChart" else None

    def _chart(self, item: RenderedObject, route: Route) -> ChartPin | None:
        """The chart that the fields `chart`, `version` and `sourceRef` at `route` mean."""
        fields = mapping(item.value, *route)
        source = self._find(mapping(fields, "sourceRef"), item)
        if source is None or source.ref.kind != "HelmRepository":
            return None
        name, version = text(fields, "chart"), text(fields, "version")
        address = text(source.value, "spec", "url")
        folder, _, name = name.rpartition("/")
        if folder:
            address = f"{address.rstrip('/')}/{folder}"
        field = "version" if version else "chart"
        return _pin(address, name, version, _place(item, (*route, field)))

    def _find(self, reference: dict[str, Any], near: RenderedObject) -> RenderedObject | None:
        """The object that the reference means. A file may lack the namespace that a kustomization
        gives it, so the only one of its name is meant too."""
        kind, name = text(reference, "kind"), text(reference, "name")
        namespace = text(reference, "namespace") or near.ref.namespace
        for store in (self._rendered, self._in_files()):
            named = store.get((kind, name), [])
            for wanted in (namespace, ""):
                fitting = [item for item in named if item.ref.namespace == wanted]
                if fitting:
                    return fitting[0]
            if len(named) == 1:
                return named[0]
        return None

    def _in_files(self) -> dict[tuple[str, str], list[RenderedObject]]:
        if self._written is None:
            self._written = defaultdict(list)
            for source in self._files.known():
                if _GROUP.encode() not in source.data:
                    continue
                for manifest in manifests_of(source):
                    ref = ref_of(manifest.value)
                    if ref.kind in _KINDS and ref.group == _GROUP:
                        origin = SourceOrigin(source, manifest.document, manifest.route)
                        item = RenderedObject(manifest.value, origin)
                        self._written[ref.kind, ref.name].append(item)
        return self._written


def _registry(source: RenderedObject) -> ChartPin | None:
    """The chart that an OCIRepository is."""
    address, _, name = text(source.value, "spec", "url").rstrip("/").rpartition("/")
    if not address or not name:
        return None
    reference = mapping(source.value, "spec", "ref")
    field = next((word for word in ("digest", "semver", "tag") if text(reference, word)), "")
    version = text(reference, "semver") or text(reference, "tag")
    location = _place(source, ("spec", "ref", field) if field else ("spec", "url"))
    return _pin(address, name, version, location, text(reference, "digest"))


def _pin(address: str, name: str, version: str, place: Location, digest: str = "") -> ChartPin:
    from gitops_ci.render.fetched.model import ChartPin

    return ChartPin(address, name, version, place, digest)


def _place(item: RenderedObject, route: Route) -> Location:
    return item.origin.trace(route).location
