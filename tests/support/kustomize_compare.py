"""Compares rendered objects strictly: 1 is not 1.0 and not true, and order counts."""

from __future__ import annotations

from typing import Any

from gitops_ci.documents.read import read


def parsed(output: bytes) -> list[Any]:
    """The objects of a YAML stream as a cluster reads them."""
    source = read("output.yaml", output)
    assert not source.problems, source.problems
    return [document.value for document in source.documents]


def difference(ours: Any, theirs: Any, route: str = "") -> str:
    """The first place where the two differ, in words; "" when they are equal."""
    if type(ours) is not type(theirs):
        return f"{route or '/'}: {ours!r} instead of {theirs!r}"
    if isinstance(ours, dict):
        return _mappings(ours, theirs, route)
    if isinstance(ours, list):
        for index, (mine, other) in enumerate(zip(ours, theirs, strict=False)):
            found = difference(mine, other, f"{route}/{index}")
            if found:
                return found
        if len(ours) != len(theirs):
            return f"{route or '/'}: {len(ours)} items instead of {len(theirs)}"
        return ""
    return "" if ours == theirs else f"{route}: {ours!r} instead of {theirs!r}"


def _mappings(ours: dict[str, Any], theirs: dict[str, Any], route: str) -> str:
    for key in sorted(ours.keys() | theirs.keys(), key=str):
        if key not in ours:
            return f"{route}/{key}: is missing"
        if key not in theirs:
            return f"{route}/{key}: should not be there"
        found = difference(ours[key], theirs[key], f"{route}/{key}")
        if found:
            return found
    return ""
