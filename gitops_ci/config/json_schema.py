"""The JSON Schema (2020-12) of the configuration, for editors; made from the model itself."""

from __future__ import annotations

from datetime import date
from typing import Any

from gitops_ci.config import kinds
from gitops_ci.config.durations import PATTERN as DURATION_PATTERN
from gitops_ci.config.fields import FieldInfo, fields_of
from gitops_ci.config.keys import shown
from gitops_ci.config.model import Config
from gitops_ci.config.model_checks import OFF, PACKS, SEVERITIES

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TYPES: dict[Any, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}
_PATTERNS = {
    "duration": DURATION_PATTERN,
    "kubernetes": kinds.KUBERNETES_PATTERN,
    "endpoint": kinds.ENDPOINT_PATTERN,
    "json-path": kinds.JSON_PATH_PATTERN,
    "owner": kinds.OWNER_PATTERN,
    "pack": kinds.PACK_PATTERN,
    "pack-name": rf"^(?:{'|'.join(PACKS)})$",
    "policy-name": kinds.POLICY_NAME_PATTERN,
}
_NAMES: dict[str, Any] = {"type": "array", "items": {"type": "string"}}


def json_schema() -> dict[str, Any]:
    """The schema of `.gitops-ci.yaml`."""
    definitions: dict[str, Any] = {}
    top = section_schema(Config, definitions)
    return {
        "$schema": DIALECT,
        "title": "gitops-ci configuration",
        **top,
        "$defs": {name: definitions[name] for name in sorted(definitions)},
    }


def section_schema(section: type, definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of one mapping with fixed keys; the sections inside go to `definitions`."""
    infos = fields_of(section)
    schema: dict[str, Any] = {
        "type": ["object", "null"],
        "description": " ".join((section.__doc__ or "").split()),
        "additionalProperties": False,
        "properties": {info.yaml: _property(info, definitions) for info in infos},
    }
    required = [info.yaml for info in infos if info.setting.required]
    if required:
        # what has required keys cannot be left empty
        schema |= {"type": "object", "required": required}
    return schema


def _property(info: FieldInfo, definitions: dict[str, Any]) -> dict[str, Any]:
    schema = {"description": info.setting.doc, **_content(info, definitions)}
    default = shown(info, info.default)
    if default not in (None, [], {}, "") and info.section is None:
        schema["default"] = default
    return schema


def _content(info: FieldInfo, definitions: dict[str, Any]) -> dict[str, Any]:
    kind = info.setting.kind
    if kind == "sources":
        either = {"type": "object", "properties": {"any": _NAMES}, "additionalProperties": False}
        return {"anyOf": [_NAMES, {"type": "string"}, {**either, "required": ["any"]}]}
    if kind == "severity":
        # an unquoted `off` is the boolean of YAML 1.1
        words = {"enum": [*SEVERITIES, OFF, False]}
        return {"type": ["object", "null"], "additionalProperties": words}
    if info.is_list:
        plain = {"type": ["array", "null"], "items": _member(info, definitions)}
        return {"anyOf": [plain, {"type": "string"}]} if kind.endswith(kinds.OR_LIST) else plain
    if info.is_map:
        return {"type": ["object", "null"], "additionalProperties": _member(info, definitions)}
    member = _member(info, definitions)
    if "type" in member and not info.setting.required:
        return {**member, "type": [member["type"], "null"]} | _nullable(member)
    return member


def _nullable(member: dict[str, Any]) -> dict[str, Any]:
    return {"enum": [*member["enum"], None]} if "enum" in member else {}


def _member(info: FieldInfo, definitions: dict[str, Any]) -> dict[str, Any]:
    section, about = info.section, info.setting
    if section is not None:
        name = section.__name__
        if name not in definitions:
            definitions[name] = {}
            definitions[name] = section_schema(section, definitions)
        return {"$ref": f"#/$defs/{name}"}
    kind = info.item if info.is_list or info.is_map else info.type
    textual = about.kind == "duration" or kind is date
    schema: dict[str, Any] = {"type": "string" if textual else _TYPES[kind]}
    if about.choices:
        schema["enum"] = list(about.choices)
    if about.kind == "percent":
        return {
            "anyOf": [{**schema, **_bounds(info)}, {"type": "string", "pattern": r"^\d+(\.\d+)?%$"}]
        }
    if about.kind in _PATTERNS:
        schema["pattern"] = _PATTERNS[about.kind]
    return {**schema, **_bounds(info)}


def _bounds(info: FieldInfo) -> dict[str, float]:
    limits = {"minimum": info.setting.minimum, "maximum": info.setting.maximum}
    return {word: limit for word, limit in limits.items() if limit is not None}
