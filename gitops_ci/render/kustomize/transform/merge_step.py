"""Walking a strategic merge backwards: which values came from the patch, and from where."""

from __future__ import annotations

from typing import Any, ClassVar

from msgspec import Struct

from gitops_ci.model.span import Route
from gitops_ci.render.kustomize.history import Hit
from gitops_ci.render.kustomize.merge_keys import MergedList, Schema
from gitops_ci.render.kustomize.spots import Spot
from gitops_ci.render.kustomize.transform.directives import DIRECTIVE
from gitops_ci.render.kustomize.transform.merge import Merger
from gitops_ci.render.kustomize.values import MISSING, Value, get, text_of

_KEPT = (("kind",), ("metadata", "name"), ("metadata", "namespace"), ("apiVersion",))


class MergeStep(Struct, frozen=True):
    """A strategic merge of `patch`, which stands at `spot`."""

    merger: Merger
    patch: dict[str, Any]
    spot: Spot
    renames: bool = False
    unties: ClassVar[bool] = False

    def back(
        self, route: Route, before: dict[str, Any], after: dict[str, Any]
    ) -> tuple[Hit | None, Route | None]:
        """See Step."""
        if route in _KEPT and not self.renames:
            return None, route if get(before, route) is not MISSING else None
        walk = _Walk(self.merger, before, self.patch, after)
        for step in route:
            walk.enter(step)
        there = walk.before is not MISSING
        from_patch = walk.patch is not MISSING and walk.patch is not None
        wholly = not there or not isinstance(walk.before, (dict, list)) or walk.atomic
        hit = None
        if from_patch and wholly and not (there and walk.is_key):
            spot = self.spot.below(*walk.patch_route)
            hit = Hit(spot, "patch")
        return hit, tuple(walk.before_route) if there else None


class _Walk:
    """The same place in three values: before, patch and after."""

    def __init__(self, merger: Merger, before: Value, patch: Value, after: Value) -> None:
        self._merger = merger
        self.before, self.patch, self._after = before, patch, after
        self.before_route: list[str | int] = []
        self.patch_route: list[str | int] = []
        self._schema: Schema | MergedList | None = merger.schema_of(None, before, patch)
        self.atomic = False
        self.is_key = False
        self._keys: tuple[str, ...] = ()

    def enter(self, step: str | int) -> None:
        """Go one step down."""
        self.is_key = step in self._keys
        self._keys = ()
        if isinstance(step, str):
            self._enter_field(step)
        else:
            self._enter_item(step)
        self._after = get(self._after, (step,))

    def _enter_field(self, name: str) -> None:
        known = self._merger.schema_of(
            self._schema if isinstance(self._schema, dict) else None, self.before, self.patch
        )
        if isinstance(self.patch, dict) and self.patch.get(DIRECTIVE) == "replace":
            self.before = MISSING
        self._down_before(name)
        self._down_patch(name)
        self._schema = known.get(name) if known is not None else None
        if isinstance(self.patch, list) and not isinstance(self._schema, MergedList):
            self.atomic = True
            self.before = self.before if isinstance(self.before, list) else MISSING

    def _enter_item(self, index: int) -> None:
        item = get(self._after, (index,))
        if self.atomic and self.patch is not MISSING:
            self.before = MISSING
            self._down_patch(index)
            return
        if not isinstance(self._schema, MergedList):
            self._down_before(index)
            self.patch = MISSING
            return
        keys = self._schema.keys or ("",)
        self._keys = keys
        if isinstance(self.patch, list) and {DIRECTIVE: "replace"} in self.patch:
            self.before = MISSING
        self._down_before(_index_of(self.before, item, keys))
        self._down_patch(_index_of(self.patch, item, keys))
        self._schema = self._schema.item

    def _down_before(self, step: str | int | None) -> None:
        self.before = get(self.before, (step,)) if step is not None else MISSING
        if step is not None:
            self.before_route.append(step)

    def _down_patch(self, step: str | int | None) -> None:
        self.patch = get(self.patch, (step,)) if step is not None else MISSING
        if step is not None:
            self.patch_route.append(step)


def _index_of(items: Value, item: Value, keys: tuple[str, ...]) -> int | None:
    """The index of the entry in `items` that became `item`."""
    if not isinstance(items, list):
        return None
    same = next((i for i, other in enumerate(items) if other is item), None)
    if same is not None and not isinstance(item, (str, int, float, bool)):
        return same
    if keys == ("",) or not isinstance(item, dict):
        return next((i for i, other in enumerate(items) if other == item), None)
    wanted = {key: text_of(item.get(key)) for key in keys}
    for index, other in enumerate(items):
        if isinstance(other, dict) and _agrees(other, wanted):
            return index
    return None


def _agrees(item: dict[str, Any], wanted: dict[str, str]) -> bool:
    stated = {key: text_of(item.get(key)) for key in wanted}
    common = [key for key in wanted if stated[key] and wanted[key]]
    return bool(common) and all(stated[key] == wanted[key] for key in common)
