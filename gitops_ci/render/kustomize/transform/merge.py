"""Strategic merge, as kustomize does it.

It differs from the API server's: `$setElementOrder`, `$retainKeys` and `$deleteFromPrimitiveList`
mean nothing, items of the patch come first in merged lists, and the whole object is walked, so
that items with the same key collapse even where the patch says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gitops_ci.render.kustomize.failure import MismatchError
from gitops_ci.render.kustomize.merge_keys import MergedList, Schema
from gitops_ci.render.kustomize.values import MISSING, Value, is_scalar, text_of

DIRECTIVE = "$patch"
_WORDS = ("delete", "replace", "merge")
_REMEMBERED = 20_000


class Merger:
    """Merges with the schemas of `types` (by `apiVersion/kind`)."""

    def __init__(self, types: dict[str, Schema]) -> None:
        self._types = types
        self._settled: dict[tuple[int, int], tuple[Value, Value]] = {}
        self.restyled = False
        """Whether the last merge put something where a string stood whose style then matters."""

    def merge(self, target: dict[str, Any], patch: dict[str, Any]) -> Value:
        """`target` changed by `patch`; MISSING when the patch deletes it. Raises MismatchError."""
        self.restyled = False
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
            return self._items(rest, rest, schema, shared=True)
        return self._items(target, rest, schema)

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
            return self._items(patch, patch, schema, shared=True)
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
            items = self._items(target, MISSING, schema)
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

    def _items(
        self, target: list[Value], patch: Value, schema: MergedList, *, shared: bool = False
    ) -> list[Value]:
        return _ListMerge(self, schema, target, patch, shared=shared).run()

    def item(self, target: Value, patch: Value, schema: Schema | None) -> Value:
        """One item of a merged list."""
        return self._value(target, patch, schema)


def directive(patch: dict[str, Any]) -> str:
    """The `$patch` word of a mapping, empty without one. Raises MismatchError for another word."""
    word = patch.get(DIRECTIVE, "")
    if word is None or word == "":
        return ""
    if word not in _WORDS:
        raise MismatchError(f"'{word}' is not one of delete, replace and merge")
    return str(word)


def list_directive(patch: list[Value]) -> tuple[str, list[Value]]:
    """The word of the item that holds nothing but `$patch`, and the items without it."""
    first = next((item for item in patch if isinstance(item, dict) and DIRECTIVE in item), None)
    if first is None or len(first) > 1:
        return "", patch
    word = directive(first)
    if not word:
        return "", patch
    return word, [i for i in patch if not (isinstance(i, dict) and i.get(DIRECTIVE) == word)]


class _Cell:
    """An item of a list that is being merged: merging changes it where it stands."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


Keys = tuple[str, ...]


class _ListMerge:
    """Merges two lists by key. With `shared` both are the same list: what a patch adds is merged
    with itself. The reference compares keys as texts and treats a missing key as no condition."""

    def __init__(
        self,
        merger: Merger,
        schema: MergedList,
        target: list[Value],
        patch: Value,
        *,
        shared: bool,
    ) -> None:
        self._merger = merger
        self._item_schema: Schema | None = schema.item
        self._keys: Keys = schema.keys or ("",)
        self._target = [_Cell(item) for item in target]
        if patch is MISSING:
            self._patch = None
        else:
            self._patch = self._target if shared else [_Cell(item) for item in patch]

    def run(self) -> list[Value]:
        """The merged list."""
        values = self._all_values()
        if len(self._keys) > 1:
            _unify(values)
        added: list[_Cell] = []
        keys: Keys = self._keys
        for wanted in list(values):
            keys, texts = _valid(values, wanted, self._keys)
            self._merge_one(keys, texts, added)
        if values:
            self._append_rest(added, keys)
            return [cell.value for cell in added]
        return [cell.value for cell in self._target]

    def _all_values(self) -> list[list[str]]:
        values: list[list[str]] = []
        seen: set[tuple[str, ...]] = set()
        for cells in (self._patch, self._target):
            for cell in cells or ():
                texts = [_text(cell.value, key) for key in self._keys]
                if tuple(texts) not in seen:
                    seen.add(tuple(texts))
                    values.append(texts)
        return values

    def _merge_one(self, keys: Keys, texts: Sequence[str], added: list[_Cell]) -> None:
        own_keys, own_texts = _valid([list(texts)], texts, keys)
        old = _find(self._target, own_keys, own_texts)
        new = _find(self._patch, own_keys, own_texts) if self._patch is not None else None
        merged = self._merger.item(
            old.value if old else MISSING,
            new.value if new else MISSING,
            self._item_schema,
        )
        if merged is MISSING or merged is None or merged == {}:
            _set(self._target, None, keys, texts)
            return
        if isinstance(merged, dict):
            lacking = {k: t for k, t in zip(keys, texts, strict=False) if t and k not in merged}
            merged = {**merged, **lacking} if lacking else merged
        if old is not None and (old is new or not _replaces(new)):
            old.value = merged
            _set(added, old, keys, texts)
        else:
            _set(added, _Cell(merged), keys, texts)

    def _append_rest(self, added: list[_Cell], keys: Keys) -> None:
        for cell in list(self._target):
            if keys[0] == "":
                _set(added, cell, ("",), [text_of(cell.value)])
                continue
            texts = []
            for key in keys:
                field = cell.value.get(key, MISSING) if isinstance(cell.value, dict) else MISSING
                if field is MISSING:
                    added.append(cell)
                else:
                    texts.append(text_of(field))
            if len(keys) > 1:
                _set(added, None, keys, texts)
            _set(added, cell, keys, texts)


def _replaces(cell: _Cell | None) -> bool:
    return cell is not None and isinstance(cell.value, dict) and directive(cell.value) == "replace"


def _text(item: Value, key: str) -> str:
    if key == "":
        return text_of(item)
    return text_of(item.get(key)) if isinstance(item, dict) else ""


def _unify(values: list[list[str]]) -> None:
    """Items that state different parts of the same combined key become one."""
    for i in range(len(values)):
        for j in range(len(values)):
            joined = _joined(values[i], values[j])
            if joined is not None:
                values[i] = values[j] = joined


def _joined(first: list[str], second: list[str]) -> list[str] | None:
    common = False
    result = []
    for a, b in zip(first, second, strict=True):
        if a == b:
            common = True
        elif a and b:
            return None
        result.append(a or b)
    return result if common else None


def _valid(values: list[list[str]], wanted: Sequence[str], keys: Keys) -> tuple[Keys, list[str]]:
    """The keys that any item states, and the texts of one item for them."""
    stated = {key for texts in values for key, text in zip(keys, texts, strict=False) if text}
    if not stated:
        return keys, list(wanted)
    kept = tuple(key for key in keys if key in stated)
    texts = [text for key, text in zip(keys, wanted, strict=False) if text or key in stated]
    return kept, texts


def _find(cells: list[_Cell], keys: Keys, texts: Sequence[str]) -> _Cell | None:
    """The first item whose keys have exactly the texts."""
    if keys[0] == "":
        return next((c for c in cells if text_of(c.value) == texts[0]), None)
    wanted = list(zip(keys, texts, strict=False))
    for cell in cells:
        item = cell.value
        if isinstance(item, dict) and all(k in item and text_of(item[k]) == t for k, t in wanted):
            return cell
    return None


def _matches(item: dict[str, Any], keys: Keys, texts: Sequence[str]) -> bool:
    """Whether the item has the keys; an empty text stands for any value."""
    for key, text in zip(keys, texts, strict=False):
        if key not in item or (text and text_of(item[key]) != text):
            return False
    return True


def _set(cells: list[_Cell], new: _Cell | None, keys: Keys, texts: Sequence[str]) -> None:
    """Put `new` in the place of every item with the key, or behind the others; None removes."""
    kept: list[_Cell] = []
    matched = False
    scalars = keys[0] == ""
    mapping_wanted = new is not None and isinstance(new.value, dict)
    for cell in cells:
        value = cell.value
        if value is None or value == {}:
            continue
        if mapping_wanted and not isinstance(value, dict):
            kept.append(cell)
            continue
        if scalars:
            found = is_scalar(value) and text_of(value) == texts[0]
        else:
            found = bool(texts) and isinstance(value, dict) and _matches(value, keys, texts)
        if not found:
            if texts:
                kept.append(cell)
            continue
        matched = True
        if new is not None:
            kept.append(new)
    cells[:] = kept
    if new is not None and not matched:
        cells.append(new)
