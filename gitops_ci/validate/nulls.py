"""Null fields. The API server treats them as absent, also inside custom resources."""

from __future__ import annotations

from typing import Any


def without_nulls(value: Any) -> Any:
    """The value without the fields that are null; list items stay. Parts without such a field are
    shared with the original, which is not changed."""
    if isinstance(value, dict):
        changed = False
        result: dict[str, Any] = {}
        for key, item in value.items():
            if item is None:
                changed = True
                continue
            inner = without_nulls(item) if isinstance(item, (dict, list)) else item
            changed = changed or inner is not item
            result[key] = inner
        return result if changed else value
    if isinstance(value, list):
        items = [without_nulls(item) if isinstance(item, (dict, list)) else item for item in value]
        same = all(new is old for new, old in zip(items, value, strict=True))
        return value if same else items
    return value
