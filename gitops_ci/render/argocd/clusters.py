"""The clusters that the cluster generator sees: those of the configuration, and the cluster Secrets
of Argo CD that lie in the repository."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any

from gitops_ci.config.globs import PatternError, path_regex
from gitops_ci.documents.manifests import manifests_of
from gitops_ci.documents.read import read
from gitops_ci.render.options import ClusterFacts, RenderOptions
from gitops_ci.render.routes import items, mapping, text
from gitops_ci.repo.files import Files
from gitops_ci.repo.tree import EntryKind, UnreadableError

_LABEL = "argocd.argoproj.io/secret-type"


def known_clusters(files: Files, options: RenderOptions) -> tuple[ClusterFacts, ...]:
    """Every cluster that is known, each name once; the configuration's come first."""
    found: dict[str, ClusterFacts] = {cluster.name: cluster for cluster in options.clusters}
    for cluster in (*_listed(files, options.cluster_files), *_secrets(files)):
        found.setdefault(cluster.name, cluster)
    return tuple(found.values())


def _secrets(files: Files) -> Iterator[ClusterFacts]:
    for source in files.known():
        if _LABEL.encode() not in source.data:
            continue
        for manifest in manifests_of(source):
            cluster = _cluster_of(manifest.value)
            if cluster is not None:
                yield cluster


def _cluster_of(value: dict[str, Any]) -> ClusterFacts | None:
    metadata = mapping(value, "metadata")
    labels = {key: str(item) for key, item in mapping(metadata, "labels").items()}
    if value.get("kind") != "Secret" or labels.get(_LABEL) != "cluster":
        return None
    texts = {**_decoded(mapping(value, "data")), **mapping(value, "stringData")}
    name = text(texts, "name") or text(metadata, "name")
    annotations = {key: str(item) for key, item in mapping(metadata, "annotations").items()}
    return ClusterFacts(name, text(texts, "server"), labels, annotations, text(texts, "project"))


def _decoded(data: dict[str, Any]) -> dict[str, str]:
    """The entries of `data` that may be shown: only what names the cluster is ever decoded."""
    found = {}
    for key in ("name", "server", "project"):
        try:
            found[key] = base64.b64decode(text(data, key), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
    return {key: value for key, value in found.items() if value}


def _listed(files: Files, pattern: str) -> Iterator[ClusterFacts]:
    """The clusters in ConfigMaps or Secrets of the files that the configuration names. A ConfigMap
    holds one cluster in its keys, or a list of them as YAML or JSON in any key."""
    for source in _matching(files, pattern):
        for manifest in manifests_of(source):
            cluster = _cluster_of(manifest.value)
            if cluster is not None:
                yield cluster
            elif manifest.value.get("kind") == "ConfigMap":
                yield from _in_config_map(manifest.value)


def _matching(files: Files, pattern: str) -> Iterator[Any]:
    if not pattern:
        return
    try:
        regex = path_regex(pattern)
    except PatternError:
        return
    for entry in files.tree.entries():
        if entry.kind is EntryKind.FILE and regex.match(entry.path):
            try:
                yield files.source(entry.path)
            except UnreadableError:
                continue


def _in_config_map(value: dict[str, Any]) -> Iterator[ClusterFacts]:
    data = mapping(value, "data")
    if text(data, "name"):
        metadata = mapping(value, "metadata")
        labels = {key: str(item) for key, item in mapping(metadata, "labels").items()}
        yield ClusterFacts(text(data, "name"), text(data, "server"), labels)
        return

    for words in data.values():
        document = next(iter(read("clusters.yaml", str(words).encode()).documents), None)
        entries = document.value if document is not None else None
        if isinstance(entries, dict):
            entries = items(entries, "clusters")
        for entry in entries if isinstance(entries, list) else ():
            name = text(entry, "name")
            if name:
                labels = {key: str(item) for key, item in mapping(entry, "labels").items()}
                yield ClusterFacts(name, text(entry, "server"), labels)
