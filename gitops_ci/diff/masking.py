"""Secrets inside a difference: that they differ may be seen, what they are may not."""

from __future__ import annotations

from typing import Any

from gitops_ci.diff.model import ABSENT, MASK
from gitops_ci.diff.values import Pair

_FIELDS = ("data", "stringData")
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def masked(value: dict[str, Any]) -> dict[str, Any]:
    """The object without what nobody may see. Only a Secret differs from what is given."""
    if value.get("kind") != "Secret":
        return value
    hidden = {name: _hidden(value[name]) for name in _FIELDS if name in value}
    return {**value, **hidden}


def masked_pair(pair: Pair, kind: str) -> Pair:
    """The difference of an object of `kind`, with the values of a Secret behind the mask."""
    route = pair.new_route or pair.old_route
    if kind != "Secret" or not route:
        return pair
    if route[0] not in _FIELDS and route[-1] != _LAST_APPLIED:
        return pair
    return Pair(
        pair.path, _hidden(pair.before), _hidden(pair.after), pair.old_route, pair.new_route
    )


def _hidden(value: Any) -> Any:
    if value is ABSENT:
        return ABSENT
    if isinstance(value, dict):
        return dict.fromkeys(value, MASK)
    return MASK
