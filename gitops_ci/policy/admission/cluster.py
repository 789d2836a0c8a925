"""What the repository says about the cluster that its objects go to."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from gitops_ci.policy.admission.admission import NAME_LABEL
from gitops_ci.policy.admission.model import Unknown
from gitops_ci.render.kustomize.ids import Gvk, is_cluster_scoped
from gitops_ci.render.routes import mapping, text

_UNCHANGED = ("endpoints",)


def plural(kind: str) -> str:
    """The plural name of a kind in addresses, as the API machinery guesses it where nobody can be
    asked: https://pkg.go.dev/k8s.io/apimachinery/pkg/api/meta#UnsafeGuessKindToResource"""
    name = kind.lower()
    if name in _UNCHANGED:
        return name
    if name.endswith("s"):
        return f"{name}es"
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"


class Cluster:
    """The objects that are deployed together, as surroundings of each of them. `own` are those of
    the environment, `shared` those of no environment; the first of a name counts."""

    def __init__(
        self, own: Iterable[dict[str, Any]], shared: Iterable[dict[str, Any]] = ()
    ) -> None:
        self._objects = (*own, *shared)

    @cached_property
    def _namespaces(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for value in self.objects("v1", "Namespace"):
            found.setdefault(text(value, "metadata", "name"), _labelled(value))
        return found

    @cached_property
    def _by_kind(self) -> dict[tuple[str, str], list[dict[str, Any]]]:
        found: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for value in self._objects:
            key = (text(value, "apiVersion"), text(value, "kind"))
            found.setdefault(key, []).append(value)
        return found

    @cached_property
    def _definitions(self) -> dict[tuple[str, str], tuple[str, bool]]:
        """Plural name and whether there are namespaces, of the kinds that are defined here."""
        found = {}
        for (_, kind), values in self._by_kind.items():
            for value in values if kind == "CustomResourceDefinition" else ():
                spec = mapping(value, "spec")
                named = (text(spec, "group"), text(spec, "names", "kind"))
                found[named] = (text(spec, "names", "plural"), text(spec, "scope") != "Cluster")
        return found

    def namespace(self, name: str) -> dict[str, Any] | Unknown:
        """The namespace object, with the label that the API server adds."""
        found = self._namespaces.get(name)
        return found or Unknown(f"the namespace {name} is not in the repository")

    def objects(self, api_version: str, kind: str) -> tuple[dict[str, Any], ...]:
        """The objects of a kind."""
        return tuple(self._by_kind.get((api_version, kind), ()))

    def resource(self, group: str, kind: str) -> str:
        """The plural name of a kind."""
        known = self._definitions.get((group, kind))
        return known[0] if known and known[0] else plural(kind)

    def is_namespaced(self, group: str, version: str, kind: str) -> bool:
        """Whether objects of the kind live in namespaces."""
        known = self._definitions.get((group, kind))
        return known[1] if known else not is_cluster_scoped(Gvk(group, version, kind))


def _labelled(namespace: dict[str, Any]) -> dict[str, Any]:
    metadata = mapping(namespace, "metadata")
    labels = {**mapping(metadata, "labels"), NAME_LABEL: text(metadata, "name")}
    return {**namespace, "metadata": {**metadata, "labels": labels}}
