"""Kinds of objects as rules name them: API group and kind. A version changes neither."""

from __future__ import annotations

Kind = tuple[str, str]
"""The API group, empty for the core group, and the kind."""

Kinds = frozenset[Kind]

EVERY: Kinds = frozenset()
"""Stands for every kind."""


def of(group: str, *kinds: str) -> Kinds:
    """The kinds of one API group."""
    return frozenset((group, kind) for kind in kinds)


def kind_of(value: dict[str, object]) -> Kind:
    """The kind that an object states; empty texts where it does not."""
    api, kind = value.get("apiVersion"), value.get("kind")
    group, slash, _ = api.rpartition("/") if isinstance(api, str) else ("", "", "")
    return (group if slash else "", kind if isinstance(kind, str) else "")
