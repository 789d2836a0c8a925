"""JSON patches (RFC 6902) that set entries of a Secret: those of a kustomization, and files that
hold nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gitops_ci.documents.read import read
from gitops_ci.model.span import Route
from gitops_ci.secrets import rules
from gitops_ci.secrets.secret_data import secret_entry
from gitops_ci.secrets.trail import Trail

_FIELDS = ("patches", "patchesJson6902")
_SETTING = ("add", "replace")
_OPAQUE = "stringData"
"""The part that nothing but a Secret has."""
_PARTS = {"data": True, _OPAQUE: False}
"""The parts of a Secret, and whether their values are base64."""


def is_patch(value: Any) -> bool:
    """Whether a document is a JSON patch."""
    return isinstance(value, list) and bool(value) and all(_is_operation(item) for item in value)


def patch_entries(operations: list[Any], trail: Trail, *, secret: bool) -> None:
    """Look at what the operations of a document set in a Secret; when it is not said that they act
    on one, at what can be nothing else."""
    with trail.under(rules.KUBERNETES_SECRET):
        for index, operation in enumerate(operations):
            for key, item, way, encoded in _entries(operation, secret=secret):
                secret_entry(key, item, (index, *way), trail, encoded=encoded)


def kustomization_patches(value: dict[str, Any], trail: Trail) -> None:
    """Look at the JSON patches that a kustomization holds and aims at Secrets."""
    for field in _FIELDS:
        patches = value.get(field)
        for index, patch in enumerate(patches if isinstance(patches, list) else ()):
            text = patch.get("patch") if isinstance(patch, dict) else None
            target = patch.get("target") if isinstance(patch, dict) else None
            if isinstance(text, str) and isinstance(target, dict):
                secret = target.get("kind") == "Secret"
                _in_text(text, (field, index, "patch"), trail, secret=secret)


def _in_text(text: str, route: Route, trail: Trail, *, secret: bool) -> None:
    with trail.within(route, len(text)) as allowed:
        documents = read("patch.yaml", text.encode("utf-8", "replace")).documents if allowed else ()
        for document in documents:
            if is_patch(document.value):
                patch_entries(document.value, trail, secret=secret)


def _is_operation(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("op"), str) and "path" in item


def _entries(operation: dict[str, Any], *, secret: bool) -> Iterator[tuple[str, Any, Route, bool]]:
    """Key and value of each entry that an operation sets, the way to it, and whether it is
    encoded."""
    part, _, key = str(operation["path"]).lstrip("/").partition("/")
    if operation["op"] not in _SETTING or not (part == _OPAQUE or (secret and part in _PARTS)):
        return
    value = operation.get("value")
    if key:
        yield key, value, ("value",), _PARTS[part]
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name, item, ("value", name), _PARTS[part]
