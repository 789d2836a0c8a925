"""JSON Schemas in the layout and dialect that kubeconform reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gitops_ci.model.regex import regex
from gitops_ci.schemas.formats import DURATION
from gitops_ci.schemas.gvk import Gvk
from gitops_ci.schemas.pack import Schema

LAYOUT = "{{ .Group }}/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json"
"""The template of `-schema-location` below the folder; kubeconform calls the group of a core kind
by its version. Its own layout keeps only the first label of a group and mixes up groups."""

_DIGIT = r"(?:[A-Za-z0-9+/][\r\n]*)"
BYTE_PATTERN = (
    rf"^(?:[\r\n]*{_DIGIT}{{4}})*(?:{_DIGIT}{{2}}=[\r\n]*=|{_DIGIT}{{3}}=)?[\r\n]*$"
    r"|^ENC\["
)
"""Base64 as `formats.is_byte` takes it."""
_PATTERNS = {"byte": BYTE_PATTERN, "duration": DURATION}
_DIALECT = "http://json-schema.org/draft-07/schema#"
_SAME_FORMATS = frozenset(("date-time", "date", "ipv4", "ipv6"))
_SAFE = regex(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


def exportable(kind: Gvk) -> bool:
    """Whether the names of a kind can be names of files."""
    return all(_SAFE.fullmatch(part) for part in (kind.group or "v1", kind.version, kind.kind))


def export(kind: Gvk, schema: Schema, folder: Path) -> Path:
    """Write the schema of an exportable kind below `folder` and return the file."""
    group = kind.group or kind.version
    path = folder / group / f"{kind.kind.lower()}_{kind.version}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {**_adapted(schema), "$schema": _DIALECT}
    path.write_text(json.dumps(content, separators=(",", ":")), encoding="utf-8")
    return path


def _adapted(node: Any) -> Any:
    """The schema without the formats that kubeconform does not know or reads differently."""
    if not isinstance(node, dict):
        return node
    result: Schema = {}
    for word, value in node.items():
        if word in ("properties", "$defs"):
            result[word] = {name: _adapted(inner) for name, inner in value.items()}
        elif word in ("allOf", "anyOf", "oneOf"):
            result[word] = [_adapted(inner) for inner in value]
        elif word in ("items", "additionalProperties", "not"):
            result[word] = _adapted(value)
        elif word == "format":
            result.update(_format(value))
        elif not word.startswith("x-"):
            result[word] = value
    return result


def _format(name: str) -> Schema:
    if name in _PATTERNS:
        return {"pattern": _PATTERNS[name]}
    return {"format": name} if name in _SAME_FORMATS else {}
