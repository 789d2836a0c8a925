"""Objects as files: one each, named by its number, with the values of Secrets masked."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gitops_ci.documents.locate import route_at
from gitops_ci.documents.read import read
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route
from gitops_ci.policy.engines.answers import SUFFIX
from gitops_ci.render.routes import mapping

PLACEHOLDER = "masked"
"""What stands in the place of a Secret's value."""
_ENCODED = base64.b64encode(PLACEHOLDER.encode()).decode()
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
# JSON is YAML but for characters that YAML readers do not take, or take for line ends
_ESCAPED = regex("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def text_of(value: dict[str, Any]) -> str | None:
    """The object as JSON over many lines, which every YAML reader takes too; None when it holds
    something that JSON has no word for."""
    try:
        text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (ValueError, TypeError, RecursionError):
        return None
    return _ESCAPED.sub(lambda hit: f"\\u{ord(hit[0]):04x}", text) + "\n"


def file_name(number: int) -> str:
    """What the file of object `number` is called."""
    return f"{number:06}{SUFFIX}"


def write(folder: Path, number: int, text: str) -> None:
    """Write the file of object `number`."""
    (folder / file_name(number)).write_text(text, encoding="utf-8")


def route_on_line(value: dict[str, Any], line: int) -> Route:
    """The route to what stands on `line` of the object's file."""
    text = text_of(value)
    found = route_at(read(f"object{SUFFIX}", text.encode()), line) if text else None
    return found[1] if found else ()


def masked(value: dict[str, Any]) -> dict[str, Any]:
    """The object; of a Secret, one with placeholders for its values, which policies about its form
    judge as they would the real ones."""
    if value.get("kind") != "Secret" or value.get("apiVersion") != "v1":
        return value
    hidden = {
        field: dict.fromkeys(value[field], text)
        for field, text in (("data", _ENCODED), ("stringData", PLACEHOLDER))
        if isinstance(value.get(field), dict)
    }
    shown = {key: item for key, item in value.items() if key not in ("data", "stringData")}
    return {**shown, **hidden, **_metadata(value)}


def secret_values(value: dict[str, Any]) -> Iterator[str]:
    """The texts that a Secret holds; nothing for other objects."""
    if value.get("kind") != "Secret" or value.get("apiVersion") != "v1":
        return
    yield from (text for text in mapping(value, "stringData").values() if isinstance(text, str))
    for text in mapping(value, "data").values():
        if isinstance(text, str):
            try:
                yield base64.b64decode(text, validate=True).decode()
            except ValueError:
                yield text


def _metadata(value: dict[str, Any]) -> dict[str, Any]:
    """The metadata without the copy of the whole object that kubectl keeps there."""
    metadata = value.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    if not isinstance(annotations, dict) or _LAST_APPLIED not in annotations:
        return {}
    kept = {**annotations, _LAST_APPLIED: "{}"}
    return {"metadata": {**metadata, "annotations": kept}} if isinstance(metadata, dict) else {}
