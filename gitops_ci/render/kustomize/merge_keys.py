"""Which lists a strategic merge patch merges, and by which keys."""

from __future__ import annotations

from functools import cache
from typing import Any

from gitops_ci.render.kustomize.data import table

Node = dict[str, Any]
"""The fields of a mapping below which lists are merged: a Node, or for a merged list the pair of
its keys (none for a list of plain values) and the Node of its items."""


class MergedList:
    """A list that is merged by `keys`; `item` is the Node of its items."""

    __slots__ = ("item", "keys")

    def __init__(self, keys: tuple[str, ...]) -> None:
        self.keys = keys
        self.item: Node | None = None


Schema = dict[str, "Schema | MergedList"]


@cache
def _nodes() -> tuple[Schema, ...]:
    raw = table("merge_keys")["nodes"]
    nodes: tuple[Schema, ...] = tuple({} for _ in raw)
    for node, entry in zip(nodes, raw, strict=True):
        for name, target in entry.items():
            if isinstance(target, int):
                node[name] = nodes[target]
                continue
            merged = MergedList(tuple(target[0]))
            merged.item = nodes[target[1]] if target[1] is not None else None
            node[name] = merged
    return nodes


def builtin_schemas() -> dict[str, Schema]:
    """The schema of each built-in kind by `apiVersion/kind`; other kinds are merged as JSON."""
    return _builtin()


@cache
def _builtin() -> dict[str, Schema]:
    nodes = _nodes()
    return {name: nodes[number] for name, number in table("merge_keys")["types"].items()}
