"""The ConfigMaps that controllers read settings from, as far as the repository holds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct

from gitops_ci.documents.manifests import manifests_of
from gitops_ci.render.objects import Origin, RenderedObject
from gitops_ci.render.origins import SourceOrigin
from gitops_ci.render.routes import mapping
from gitops_ci.repo.files import Files


class ConfigMap(Struct, frozen=True):
    """The texts of a ConfigMap. `path` is the file that it comes from."""

    data: dict[str, str]
    path: str
    origin: Origin


class ConfigMaps:
    """ConfigMaps by namespace and name. Those of rendered objects win over those of files, and of
    several files the one nearest to the asker wins: environments use the same names."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._rendered: dict[tuple[str, str], list[RenderedObject]] = defaultdict(list)
        self._written: dict[tuple[str, str], list[ConfigMap]] | None = None

    def note(self, objects: Iterable[RenderedObject]) -> None:
        """Remember the ConfigMaps among rendered objects. Nearly none of them is ever asked for, so
        nothing is found out about them yet."""
        for item in objects:
            if item.value.get("kind") == "ConfigMap":
                ref = item.ref
                self._rendered[ref.namespace, ref.name].append(item)

    def find(self, namespace: str, name: str, near: str) -> ConfigMap | None:
        """The ConfigMap that an object in the file `near` means; one that states no namespace
        matches any."""
        keys = (namespace, name), ("", name)
        rendered = [_rendered(item) for key in keys for item in self._rendered.get(key, ())]
        found = rendered or [one for key in keys for one in self._in_files().get(key, ())]
        return max(found, key=lambda item: _common(item.path, near), default=None)

    def _in_files(self) -> dict[tuple[str, str], list[ConfigMap]]:
        if self._written is None:
            self._written = defaultdict(list)
            for source in self._files.known():
                if b"ConfigMap" not in source.data:
                    continue
                for manifest in manifests_of(source):
                    if manifest.value.get("kind") == "ConfigMap":
                        metadata = mapping(manifest.value, "metadata")
                        key = str(metadata.get("namespace") or ""), str(metadata.get("name") or "")
                        origin = SourceOrigin(source, manifest.document, manifest.route)
                        entry = ConfigMap(_texts(manifest.value), source.path, origin)
                        self._written[key].append(entry)
        return self._written


def _rendered(item: RenderedObject) -> ConfigMap:
    path = item.origin.trace(()).location.path
    return ConfigMap(_texts(item.value), path, item.origin)


def _texts(value: dict[str, object]) -> dict[str, str]:
    return {key: item for key, item in mapping(value, "data").items() if isinstance(item, str)}


def _common(one: str, other: str) -> int:
    """How many leading directories two paths share."""
    count = 0
    for left, right in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if left != right:
            break
        count += 1
    return count
