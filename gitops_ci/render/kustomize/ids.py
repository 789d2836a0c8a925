"""Identities of resources, as kustomize compares them.

Facts: a namespaced resource without a namespace is in `default`; a resource whose kind is known to
be cluster-scoped is in no namespace; kinds that kustomize does not know count as namespaced.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from gitops_ci.render.kustomize.data import table
from gitops_ci.render.kustomize.values import text_of

NO_NAMESPACE = "_non_namespaceable_"
DEFAULT_NAMESPACE = "default"


class Gvk(NamedTuple):
    """Group, version and kind; an empty part of a selector matches anything."""

    group: str
    version: str
    kind: str

    def selected_by(self, selector: Gvk) -> bool:
        """Whether every part that `selector` states is the same here."""
        return (
            (not selector.kind or selector.kind == self.kind)
            and (not selector.group or selector.group == self.group)
            and (not selector.version or selector.version == self.version)
        )


class Id(NamedTuple):
    """One identity; `namespace` is the effective one."""

    gvk: Gvk
    namespace: str
    name: str

    def __str__(self) -> str:
        place = "" if self.namespace in (NO_NAMESPACE, DEFAULT_NAMESPACE) else self.namespace + "/"
        return f"{self.gvk.kind} {place}{self.name}"


@cache
def split_api_version(text: str) -> tuple[str, str]:
    """Group and version of an apiVersion."""
    group, slash, version = text.partition("/")
    return (group, version) if slash else ("", text)


@cache
def gvk_of(api_version: str, kind: str) -> Gvk:
    """The Gvk that a manifest states."""
    group, version = split_api_version(api_version)
    return Gvk(group, version, kind)


@cache
def is_cluster_scoped(gvk: Gvk) -> bool:
    """Whether kustomize knows that the kind has no namespace."""
    versions = table("field_specs")["cluster_scoped"].get(gvk.group, {})
    return gvk.kind in versions.get(gvk.version, ())


def effective(gvk: Gvk, namespace: str) -> str:
    """The namespace that identities are compared by."""
    if is_cluster_scoped(gvk):
        return NO_NAMESPACE
    return namespace or DEFAULT_NAMESPACE


def metadata_text(value: dict[str, Any], field: str) -> str:
    """The text of a field of metadata; empty when it is missing."""
    metadata = value.get("metadata")
    return text_of(metadata.get(field)) if isinstance(metadata, dict) else ""


def gvk_in(value: dict[str, Any]) -> Gvk:
    """The Gvk of a manifest."""
    return gvk_of(text_of(value.get("apiVersion")), text_of(value.get("kind")))


def id_of(value: dict[str, Any]) -> Id:
    """The identity that a manifest states now."""
    gvk = gvk_in(value)
    namespace = effective(gvk, metadata_text(value, "namespace"))
    return Id(gvk, namespace, metadata_text(value, "name"))
