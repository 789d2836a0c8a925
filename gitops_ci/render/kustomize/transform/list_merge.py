"""Merging two lists whose items have keys, as kustomize does it: items of the patch come first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from gitops_ci.render.kustomize.merge_keys import MergedList, Schema
from gitops_ci.render.kustomize.transform.directives import DIRECTIVE, directive
from gitops_ci.render.kustomize.values import MISSING, Value, is_scalar, text_of


class ItemMerger(Protocol):
    """Merges one item."""

    def item(self, target: Value, patch: Value, schema: Schema | None, /) -> Value:
        """The merged item; MISSING when it is deleted."""
        ...


def merge_lists(
    merger: ItemMerger, schema: MergedList, target: list[Value], patch: Value
) -> list[Value]:
    """`target` changed by `patch`, which is MISSING when only the list's own items are brought
    together, and the same list when what a patch adds is merged with itself."""
    merged = _merged_by_key(merger, schema, target, patch)
    return _ListMerge(merger, schema, target, patch).run() if merged is None else merged


def _merged_by_key(
    merger: ItemMerger, schema: MergedList, target: list[Value], patch: Value
) -> list[Value] | None:
    """The merged list where each item has one key that no other item of its list has: there the
    long way of `_ListMerge` comes down to a lookup. None for all other lists."""
    if len(schema.keys) != 1:
        return None
    key = schema.keys[0]
    old = _indexed(target, key)
    new = old if patch is target else _indexed([] if patch is MISSING else patch, key)
    if old is None or new is None:
        return None
    items = (
        merger.item(old.get(text, MISSING), new.get(text, MISSING), schema.item)
        for text in {**new, **old}
    )
    return [item for item in items if item is not MISSING and item]


def _indexed(items: list[Value], key: str) -> dict[str, Value] | None:
    """The items by the text of their key; None unless each is a mapping with a text of its own and
    without a directive."""
    result: dict[str, Value] = {}
    for item in items:
        if not isinstance(item, dict) or DIRECTIVE in item:
            return None
        result[text_of(item.get(key))] = item
    return None if len(result) < len(items) or "" in result else result


class _Cell:
    """An item of a list that is being merged: merging changes it where it stands."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


Keys = tuple[str, ...]


class _ListMerge:
    """Merges two lists by key, or one with itself. The reference compares keys as texts and
    treats a missing key as no condition."""

    def __init__(
        self,
        merger: ItemMerger,
        schema: MergedList,
        target: list[Value],
        patch: Value,
    ) -> None:
        self._merger = merger
        self._item_schema: Schema | None = schema.item
        self._keys: Keys = schema.keys or ("",)
        self._target = [_Cell(item) for item in target]
        if patch is MISSING:
            self._patch = None
        else:
            self._patch = self._target if patch is target else [_Cell(item) for item in patch]

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
