"""namespace: set on everything that kustomize does not know to be cluster-scoped, and on the
fields that name a namespace along with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from gitops_ci.model.finding import found
from gitops_ci.model.span import Route
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.failure import BuildError, MismatchError
from gitops_ci.render.kustomize.field_specs import FieldSpec, Specs, specs_for
from gitops_ci.render.kustomize.history import Hit
from gitops_ci.render.kustomize.ids import gvk_in, is_cluster_scoped
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.spots import Spot
from gitops_ci.render.kustomize.transform.writes import WriteStep, mismatch
from gitops_ci.render.kustomize.values import MISSING, Value, get, is_scalar, text_of
from gitops_ci.render.kustomize.walk import leaves, split_path, update

_BINDINGS = ("RoleBinding", "ClusterRoleBinding")
DEFAULT_ONLY, ALL_ACCOUNTS, NO_SUBJECTS = "defaultOnly", "allServiceAccounts", "none"
_METADATA = ("metadata", "namespace")


class NamespaceTransformer(Struct, frozen=True):
    """Sets `namespace`. `subjects` says which subjects of role bindings get it; with `unset_only`
    only fields that are empty."""

    namespace: str
    specs: Specs
    spot: Spot
    subjects: str = DEFAULT_ONLY
    unset_only: bool = False

    def apply(self, resources: list[Resource]) -> None:
        """Change every resource; two of them may not become the same."""
        if not self.namespace:
            return
        step = WriteStep(self._touches)
        for resource in resources:
            resource.remember()
            try:
                value = self._changed(resource.value)
            except MismatchError as error:
                raise mismatch(error, resource, self.spot.location, "namespace") from error
            resource.change(value, step)
        self._check(resources)

    def _changed(self, value: dict[str, Any]) -> dict[str, Any]:
        gvk = gvk_in(value)
        if not is_cluster_scoped(gvk):
            value = update(value, _METADATA, self._set, create=True)
        if gvk.kind in _BINDINGS and self.subjects != NO_SUBJECTS:
            value = update(value, ("subjects",), self._subjects)
        for spec in self._specs_for(value):
            value = update(value, split_path(spec.path), self._set, create=spec.create)
        return value

    def _specs_for(self, value: dict[str, Any]) -> Iterator[FieldSpec]:
        gvk = gvk_in(value)
        for spec in specs_for(self.specs, gvk):
            if spec.path == "metadata/namespace":
                continue
            if spec.path == "metadata/name" and (gvk.group, gvk.version) != ("", "v1"):
                continue
            if spec.gvk.kind in _BINDINGS and spec.path == "subjects/namespace":
                continue
            yield spec

    def _set(self, current: Value) -> Value:
        if current is not MISSING and not is_scalar(current):
            raise MismatchError("the field that takes the namespace holds more than one value")
        if self.unset_only and current is not MISSING and text_of(current):
            return current
        return self.namespace

    def _subjects(self, subjects: Value) -> Value:
        if not isinstance(subjects, list):
            return subjects
        return [
            {**item, "namespace": self._set(item.get("namespace", MISSING))}
            if self._is_meant(item)
            else item
            for item in subjects
        ]

    def _is_meant(self, subject: Value) -> bool:
        if not isinstance(subject, dict):
            return False
        if self.subjects == ALL_ACCOUNTS:
            return subject.get("kind") == "ServiceAccount"
        return subject.get("name") == "default"

    def _touches(self, value: dict[str, Any]) -> Iterator[tuple[Route, Hit]]:
        hit = Hit(self.spot, "namespace")
        gvk = gvk_in(value)
        routes: list[Route] = []
        if not is_cluster_scoped(gvk):
            routes.append(_METADATA)
        subjects = get(value, ("subjects",))
        if gvk.kind in _BINDINGS and isinstance(subjects, list):
            routes.extend(
                ("subjects", index, "namespace")
                for index, item in enumerate(subjects)
                if self._is_meant(item)
            )
        for spec in self._specs_for(value):
            routes.extend(leaves(value, split_path(spec.path), create=spec.create))
        for route in routes:
            if not (self.unset_only and text_of(get(value, route))):
                yield route, hit

    def _check(self, resources: list[Resource]) -> None:
        seen: dict[Any, Resource] = {}
        for resource in resources:
            if resource.id in seen:
                message = f"with namespace '{self.namespace}' two resources become {resource.id}"
                hint = "give one of them another name, or build them separately"
                raise BuildError(found(rules.DUPLICATE_ID, message, self.spot.location, hint=hint))
            seen[resource.id] = resource
