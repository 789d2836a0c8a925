"""Secrets that a plugin would decrypt: their names and keys are real, their values stay unknown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gitops_ci.render.kustomize.generators import env_pairs
from gitops_ci.render.kustomize.history import DocumentSource
from gitops_ci.render.kustomize.loader import Loader
from gitops_ci.render.kustomize.manifests import resources_of
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.spots import Spot
from gitops_ci.render.kustomize.values import Value

PLACEHOLDER = "b3BhcXVl"
"""Stands for every value that is not known; valid base64, so that a Secret stays valid."""

_PLUGINS = {("viaduct.ai", "ksops"), ("viaduct.ai", "ksops-exec")}


def is_opaque_plugin(resource: Resource) -> bool:
    """Whether the configuration is one of a plugin that only decrypts files."""
    gvk = resource.gvk
    return (gvk.group, gvk.kind) in _PLUGINS


def opaque_secrets(config: Resource, spot: Spot, loader: Loader) -> Iterator[Resource]:
    """What KSOPS would generate. Format: the KSOPS documentation, `files` and `secretFrom`."""
    for index, path in enumerate(config.value.get("files") or ()):
        place = spot.below("files", index)
        for resource in resources_of(loader.source(str(path), place)):
            value = {key: item for key, item in resource.value.items() if key != "sops"}
            yield _opaque(Resource(_hidden(value), resource.source))
    for index, entry in enumerate(config.value.get("secretFrom") or ()):
        yield _opaque(_from_entry(entry, spot.below("secretFrom", index), loader))


def _opaque(resource: Resource) -> Resource:
    resource.opaque = True
    return resource


def _hidden(value: Value) -> Value:
    """The value with every encrypted text replaced."""
    if isinstance(value, dict):
        return {key: _hidden(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_hidden(item) for item in value]
    if isinstance(value, str) and value.startswith("ENC["):
        return PLACEHOLDER
    return value


def _from_entry(entry: dict[str, Any], spot: Spot, loader: Loader) -> Resource:
    data: dict[str, str] = {}
    for field in ("files", "binaryFiles"):
        for index, text in enumerate(entry.get(field) or ()):
            key, equals, path = str(text).partition("=")
            loader.file(path if equals else key, spot.below(field, index))
            data[key if equals else key.rpartition("/")[2]] = PLACEHOLDER
    for index, path in enumerate(entry.get("envs") or ()):
        _, content = loader.data(str(path), spot.below("envs", index))
        for _, name, _ in env_pairs(content):
            if name is not None and not name.startswith("sops_"):
                data[name] = PLACEHOLDER
    value = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": dict(entry.get("metadata") or {}),
        "type": entry.get("type") or "Opaque",
        "data": data,
    }
    return Resource(value, DocumentSource(spot, "generator"))
