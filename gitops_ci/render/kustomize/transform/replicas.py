"""replicas: other counts for workloads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from gitops_ci.documents.scalars import resolve_kustomize
from gitops_ci.model.finding import found
from gitops_ci.model.span import Route
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.failure import BuildError, MismatchError
from gitops_ci.render.kustomize.field_specs import FieldSpec
from gitops_ci.render.kustomize.history import Hit
from gitops_ci.render.kustomize.ids import gvk_in
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.spots import Spot
from gitops_ci.render.kustomize.transform.writes import WriteStep, mismatch
from gitops_ci.render.kustomize.values import MISSING, Value, is_scalar
from gitops_ci.render.kustomize.walk import leaves, split_path, update


class ReplicasTransformer(Struct, frozen=True):
    """One `replicas:` entry."""

    name: str
    count: int
    specs: Sequence[FieldSpec]
    spot: Spot

    def apply(self, resources: list[Resource]) -> None:
        """Set the count. Raises BuildError when no workload has or had the name."""
        matched = False
        step = WriteStep(self._touches)
        for spec in self.specs:
            for resource in resources:
                if not self._means(resource, spec):
                    continue
                matched = True
                if not resource.gvk.selected_by(spec.gvk):
                    continue
                try:
                    value = update(
                        resource.value, split_path(spec.path), self._set, create=spec.create
                    )
                except MismatchError as error:
                    raise mismatch(error, resource, self.spot.location, "replicas") from error
                if value is not resource.value:
                    resource.change(value, step)
        if not matched:
            message = f"replicas: no workload is called '{self.name}'"
            hint = "use the name as it stands in the base, before prefixes"
            location = self.spot.below("name").location
            raise BuildError(found(rules.UNUSED_REPLICAS, message, location, hint=hint))

    def _means(self, resource: Resource, spec: FieldSpec) -> bool:
        ids = (*resource.previous_ids(), resource.id)
        return any(item.name == self.name and item.gvk.selected_by(spec.gvk) for item in ids)

    def _set(self, current: Value) -> Value:
        if current is not MISSING and not is_scalar(current):
            raise MismatchError("the count is not a single value")
        if isinstance(current, str) and not isinstance(resolve_kustomize(current), str):
            return str(self.count)  # the quotes stay, as in the reference
        return self.count

    def _touches(self, value: dict[str, Any]) -> Iterator[tuple[Route, Hit]]:
        hit = Hit(self.spot.below("count"), "replicas entry")
        for spec in self.specs:
            if gvk_in(value).selected_by(spec.gvk):
                for route in leaves(value, split_path(spec.path), create=spec.create):
                    yield route, hit
