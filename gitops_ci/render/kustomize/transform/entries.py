"""labels, commonLabels, commonAnnotations: entries added to mappings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gitops_ci.documents.scalars import resolve_kubernetes
from gitops_ci.model.span import Route
from gitops_ci.render.kustomize.failure import MismatchError, UnsupportedError
from gitops_ci.render.kustomize.field_specs import Specs, specs_for
from gitops_ci.render.kustomize.history import Hit
from gitops_ci.render.kustomize.ids import gvk_in
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.spots import Spot
from gitops_ci.render.kustomize.transform.aliases import EntriesStep, spread, tied
from gitops_ci.render.kustomize.transform.writes import mismatch
from gitops_ci.render.kustomize.values import MISSING, Value
from gitops_ci.render.kustomize.walk import leaves, split_path, update


class EntriesTransformer:
    """Adds `entries` to the mappings that `specs` name. `spot` is the mapping in the
    kustomization that holds the entries; `what` names the field for people."""

    def __init__(self, entries: Mapping[str, str], specs: Specs, spot: Spot, what: str) -> None:
        self._entries = dict(sorted(entries.items()))
        for name in entries:
            if not isinstance(resolve_kubernetes(name), str):
                message = f"a key such as '{name}' needs the reference"
                raise UnsupportedError("labels", spot.below(name).location, message)
        self._specs = specs
        self._spot = spot
        self._what = what
        self._step = EntriesStep(self._touches)
        self._names = frozenset(entries)

    def apply(self, resources: list[Resource]) -> None:
        """Change every resource that a spec selects."""
        if not self._entries:
            return
        for resource in resources:
            value = resource.value
            try:
                for spec in specs_for(self._specs, resource.gvk):
                    value = update(value, split_path(spec.path), self._add, create=spec.create)
            except MismatchError as error:
                raise mismatch(error, resource, self._spot.location, self._what) from error
            self._write(resource, value)

    def _write(self, resource: Resource, value: dict[str, Any]) -> None:
        """Take the new value over, and to the places that the reference has tied to these."""
        again = self._names & resource.entries
        resource.entries |= self._names
        if value is resource.value:
            return
        groups = tied(resource) if again else []
        before = resource.value
        resource.change(value, self._step)
        if groups:
            written = [
                (route, self._entries[str(route[-1])])
                for route, _ in self._touches(before)
                if route[-1] in again
            ]
            name = next(iter(sorted(again)))
            spread(resource, groups, written, Hit(self._spot.below(name), self._what))

    def _add(self, current: Value) -> Value:
        if current is MISSING or current is None:
            return self._entries
        if not isinstance(current, dict):
            raise MismatchError("the field that takes the entries is no mapping")
        if current.items() >= self._entries.items():
            return current
        return {**current, **self._entries}

    def _touches(self, value: dict[str, Any]) -> Iterator[tuple[Route, Hit]]:
        for spec in specs_for(self._specs, gvk_in(value)):
            for route in leaves(value, split_path(spec.path), create=spec.create):
                for name in self._entries:
                    yield (*route, name), Hit(self._spot.below(name), self._what)
