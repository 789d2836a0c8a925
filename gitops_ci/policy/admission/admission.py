"""One object as the API server is asked about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Protocol

from msgspec import Struct

from gitops_ci.cel.engine import Scope, scope
from gitops_ci.policy.admission.model import Unknown
from gitops_ci.policy.admission.stored import as_stored
from gitops_ci.render.routes import mapping, text

OPEN_NAMESPACE = Unknown("the namespace is left open by the manifest")
NAME_LABEL = "kubernetes.io/metadata.name"
"""The label that every namespace has."""


class Surroundings(Protocol):
    """What is known about the cluster that an object goes to."""

    def namespace(self, name: str) -> dict[str, Any] | Unknown:
        """The namespace object."""
        ...

    def objects(self, api_version: str, kind: str) -> tuple[dict[str, Any], ...]:
        """The objects of a kind that the repository deploys there."""
        ...

    def resource(self, group: str, kind: str) -> str:
        """The plural name of a kind in addresses, such as `deployments`."""
        ...

    def is_namespaced(self, group: str, version: str, kind: str) -> bool:
        """Whether objects of the kind live in namespaces."""
        ...


class Admission(Struct, frozen=True, dict=True):
    """A request to create `value`. Nobody knows who asks, so `request.userInfo` is not there.
    `decode` makes what policies see of it."""

    value: dict[str, Any]
    surroundings: Surroundings
    operation: str = "CREATE"
    decode: Callable[[dict[str, Any]], dict[str, Any]] = as_stored

    @cached_property
    def group(self) -> str:
        """The API group, empty for the core group."""
        return text(self.value, "apiVersion").rpartition("/")[0]

    @cached_property
    def version(self) -> str:
        """The API version without its group."""
        return text(self.value, "apiVersion").rpartition("/")[2]

    @cached_property
    def kind(self) -> str:
        """The kind."""
        return text(self.value, "kind")

    @cached_property
    def resource(self) -> str:
        """The plural name of the kind in addresses."""
        return self.surroundings.resource(self.group, self.kind)

    @cached_property
    def is_namespaced(self) -> bool:
        """Whether the kind has namespaces."""
        return self.surroundings.is_namespaced(self.group, self.version, self.kind)

    @cached_property
    def name(self) -> str:
        """The name, empty for one that the server makes."""
        return text(self.value, "metadata", "name")

    @cached_property
    def namespace(self) -> str:
        """The namespace; empty for kinds without one and where the manifest leaves it open."""
        return text(self.value, "metadata", "namespace") if self.is_namespaced else ""

    @property
    def is_open(self) -> bool:
        """Whether the manifest leaves the namespace to whoever applies it."""
        return self.is_namespaced and not self.namespace

    @cached_property
    def labels(self) -> Mapping[str, Any]:
        """The labels of the object."""
        return mapping(self.value, "metadata", "labels")

    @cached_property
    def namespace_object(self) -> dict[str, Any] | Unknown | None:
        """The namespace that the object lies in, None where it lies in none."""
        if not self.is_namespaced:
            return None
        if self.is_open:
            return OPEN_NAMESPACE
        return self.surroundings.namespace(self.namespace)

    @cached_property
    def request(self) -> dict[str, Any]:
        """The parts of the request that do not depend on who asks."""
        kind = {"group": self.group, "version": self.version, "kind": self.kind}
        resource = {"group": self.group, "version": self.version, "resource": self.resource}
        return {
            "kind": kind,
            "resource": resource,
            "subResource": "",
            "requestKind": kind,
            "requestResource": resource,
            "requestSubResource": "",
            "name": self.name,
            "namespace": self.namespace,
            "operation": self.operation,
            "dryRun": False,
        }

    @cached_property
    def stored(self) -> dict[str, Any]:
        """The object as policies see it."""
        return self.decode(self.value)

    @cached_property
    def values(self) -> dict[str, Any]:
        """What expressions can name; what is not known is left out, so that reading it fails."""
        known = {"object": self.stored, "oldObject": None, "request": self.request}
        if not isinstance(self.namespace_object, Unknown):
            known["namespaceObject"] = self.namespace_object
        return known

    @cached_property
    def scope(self) -> Scope:
        """The same for the evaluator, made once for all policies."""
        return scope(self.values)

    @cached_property
    def named_values(self) -> dict[str, Any]:
        """The same where nothing but the name is known of the namespace."""
        namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.namespace}}
        return {"namespaceObject": namespace, **self.values}

    @cached_property
    def small_scope(self) -> Scope:
        """The object alone, which is all that most expressions are about."""
        return scope({"object": self.stored, "oldObject": None})


SMALL = frozenset({"object", "oldObject"})
"""The names in a small scope."""
UNKNOWN_FIELDS: Mapping[str, frozenset[str]] = {"request": frozenset({"userInfo", "uid"})}
"""Fields of known values that are left out because only the cluster knows them."""
UNKNOWN_NAMES: Mapping[str, Callable[[Admission], str]] = {
    "authorizer": lambda _: "it asks the authorizer",
    "authorizer.requestResource": lambda _: "it asks the authorizer",
    "namespaceObject": lambda admission: (
        admission.namespace_object.reason if isinstance(admission.namespace_object, Unknown) else ""
    ),
}
"""Names that may have no value, and why an expression that reads them has none either; empty
where they have one."""
