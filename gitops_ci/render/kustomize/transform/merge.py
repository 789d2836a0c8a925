"""Strategic merge, as kustomize does it.

It differs from the API server's: `$setElementOrder`, `$retainKeys` and `$deleteFromPrimitiveList`
mean nothing, items of the patch come first in merged lists, and the whole object is walked, so
that items with the same key collapse even where the patch says nothing.
"""

from __future__ import annotations

from typing import Any

from gitops_ci.render.kustomize.failure import MismatchError
from gitops_ci.render.kustomize.merge_keys import MergedList, Schema
from gitops_ci.render.kustomize.transform.directives import DIRECTIVE, directive, list_directive
from gitops_ci.render.kustomize.transform.list_merge import merge_lists
from gitops_ci.render.kustomize.values import MISSING, Value, is_scalar

_REMEMBERED = 20_000


class Merger:
    """Merges with the schemas of `types` (by `apiVersion/kind`)."""

    def __init__(self, types: dict[str, Schema]) -> None:
        self._types = types
        self._settled: dict[tuple[int, int], tuple[Value, Value]] = {}
        self.restyled = False
        """Whether the last merge put something where a string stood whose style then matters."""

    def merge(self, target: dict[str, Any], patch: dict[str, Any]) -> Value:
        """`target` changed by `patch`; MISSING when the patch deletes it, and `target` itself when
        the patch wants to replace it as a whole: the reference makes a new object then, and drops
        it. Raises MismatchError."""
        self.restyled = False
        if directive(patch) == "replace":
            return target
        schema = self.schema_of(None, target, patch)
        return self._value(target, patch, schema)

    def schema_of(self, schema: Schema | None, *values: Value) -> Schema | None:
        """`schema`, or the one of the kind that one of the values states."""
        if schema is not None:
            return schema
        for value in values:
            if isinstance(value, dict):
                kind, version = value.get("kind"), value.get("apiVersion")
                if isinstance(kind, str) and isinstance(version, str):
                    found = self._types.get(f"{version}/{kind}")
                    if found is not None:
                        return found
        return None

    def _value(self, target: Value, patch: Value, schema: Schema | MergedList | None) -> Value:
        if patch is MISSING:
            return self._settle(target, schema)
        if target is MISSING or target is None:
            return self._added(patch, schema)
        if isinstance(target, dict):
            return self._mapping(target, patch, schema)
        if isinstance(target, list):
            return self._list(target, patch, schema)
        if not is_scalar(patch):
            raise MismatchError("the patch has several values where the resource has a single one")
        if isinstance(target, str) and (not isinstance(patch, str) or "\n" in patch):
            self.restyled = True
        return MISSING if patch is None else patch

    def _mapping(
        self, target: dict[str, Any], patch: Value, schema: Schema | MergedList | None
    ) -> Value:
        if patch is None:
            return MISSING
        if not isinstance(patch, dict):
            raise MismatchError("the patch has no mapping where the resource has one")
        if directive(patch) in ("delete", "replace"):
            return self._added(patch, schema)
        return self._fields(target, patch, schema)

    def _fields(
        self, target: dict[str, Any], patch: dict[str, Any], schema: Schema | MergedList | None
    ) -> dict[str, Any]:
        known = self.schema_of(schema if isinstance(schema, dict) else None, target, patch) or {}
        result: dict[str, Any] = {}
        for name, item in target.items():
            if name == DIRECTIVE and target is patch:
                continue
            merged = self._value(item, patch.get(name, MISSING), known.get(name))
            if merged is not MISSING:
                result[name] = merged
        for name, item in patch.items():
            if name not in target and name != DIRECTIVE:
                merged = self._added(item, known.get(name))
                if merged is not MISSING:
                    result[name] = merged
        return result

    def _list(self, target: list[Value], patch: Value, schema: Schema | MergedList | None) -> Value:
        if patch is None:
            return MISSING
        if not isinstance(patch, list):
            raise MismatchError("the patch has no list where the resource has one")
        if not isinstance(schema, MergedList):
            return patch
        word, rest = list_directive(patch)
        if word == "delete":
            return MISSING
        if word == "replace":
            return merge_lists(self, schema, rest, rest)
        return merge_lists(self, schema, target, rest)

    def _added(self, patch: Value, schema: Schema | MergedList | None) -> Value:
        """What a patch adds where nothing was: nulls and directives do not get through."""
        if patch is None:
            return MISSING
        if isinstance(patch, dict):
            if directive(patch) == "delete":
                return MISSING
            known = self.schema_of(schema if isinstance(schema, dict) else None, patch)
            result = {}
            for name, item in patch.items():
                if name == DIRECTIVE:
                    continue
                added = self._added(item, known.get(name) if known is not None else None)
                if added is not MISSING:
                    result[name] = added
            return result
        if isinstance(patch, list) and isinstance(schema, MergedList):
            return merge_lists(self, schema, patch, patch)
        return patch

    def _settle(self, target: Value, schema: Schema | MergedList | None) -> Value:
        """A value that the patch does not name: only merged lists in it can change. Remembered,
        because overlays over one base settle the same values again and again."""
        if not isinstance(target, (dict, list)):
            return target
        key = (id(target), id(schema))
        known = self._settled.get(key)
        if known is not None and known[0] is target:
            return known[1]
        result = self._settled_now(target, schema)
        if len(self._settled) > _REMEMBERED:
            self._settled.clear()
        self._settled[key] = (target, result)
        return result

    def _settled_now(self, target: Value, schema: Schema | MergedList | None) -> Value:
        if isinstance(target, list):
            if not isinstance(schema, MergedList):
                return target
            items = merge_lists(self, schema, target, MISSING)
            same = len(items) == len(target) and all(
                a is b for a, b in zip(items, target, strict=True)
            )
            return target if same else items
        known = self.schema_of(schema if isinstance(schema, dict) else None, target)
        changed: dict[str, Any] | None = None
        for name, item in target.items():
            if isinstance(item, (dict, list)):
                new = self._settle(item, known.get(name) if known is not None else None)
                if new is not item:
                    if changed is None:
                        changed = dict(target)
                    changed[name] = new
        return target if changed is None else changed

    def item(self, target: Value, patch: Value, schema: Schema | None) -> Value:
        """One item of a merged list."""
        return self._value(target, patch, schema)
