"""Reference pages: the JSON report, the reasons of skips, the features of the kustomize engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from gitops_ci.model.skip import MEANINGS, REASONS
from gitops_ci.render.kustomize.features import FEATURES, SUPPORT
from gitops_ci.report.schema import report_schema

_KUSTOMIZE = """\
# What the kustomize engine builds

{note}

The native engine builds what kustomize 5.5 builds, in the same order. `gitops-ci render DIR
--engine both` compares the two on your own repository. What the native engine leaves to the
reference is built by `kustomize` or `kubectl kustomize`, without plugins and exec; when neither is
installed, the root ends as `plugin` or `unrenderable`.

"""
_REASONS = """\
# Reasons

{note}

What was not checked has one of these reasons. What a class does to the verdict stands in
[the verdict](../verdict.md).

"""
_REPORT = """\
# The JSON report

{note}

`--format json` prints it, `--output json=PATH` writes it. Its
[schema](../../gitops_ci/report/data/report-v1.schema.json) is part of the package. Fields may be
added within version 1; none is removed or changes its meaning. A run that ends with 2, 4 or 70
prints the same shape with the error as its finding.

"""


def kustomize_page(note: str) -> str:
    """Every feature with the degree of its support."""
    words = "".join(f"- **{word}**: {meaning}\n" for word, meaning in SUPPORT.items())
    head = "| feature | support | remark |\n|---|---|---|\n"
    rows = (f"| `{item.name}` | {item.support} | {item.remark} |\n" for item in FEATURES)
    return _KUSTOMIZE.format(note=note) + words + "\n" + head + "".join(rows)


def reasons_page(note: str) -> str:
    """Every reason for which something is not checked."""
    rows = (
        f"| `{reason}` | {klass.value} | {MEANINGS[reason]} |\n"
        for reason, klass in REASONS.items()
    )
    head = "| reason | class | meaning |\n|---|---|---|\n"
    return _REASONS.format(note=note) + head + "".join(rows)


def report_page(note: str) -> str:
    """A table for each object of the JSON report."""
    schema = json.loads(report_schema())
    objects = {"report": schema} | {
        name: part for name, part in schema["$defs"].items() if "properties" in part
    }
    return _REPORT.format(note=note) + "\n".join(
        "\n".join(_object(name, part, schema["$defs"])) for name, part in objects.items()
    )


def _object(name: str, part: dict[str, Any], definitions: dict[str, Any]) -> Iterator[str]:
    yield f"## `{name}`\n"
    if name != "report" and "description" in part:
        yield f"{part['description']}\n"
    yield "| field | value | meaning |\n|---|---|---|"
    yield from _rows("", part, definitions)
    yield ""


def _rows(above: str, part: dict[str, Any], definitions: dict[str, Any]) -> Iterator[str]:
    for key, value in part["properties"].items():
        meaning = value.get("description") or _referred(value, definitions)
        yield f"| `{above}{key}` | {_type(value, definitions)} | {meaning} |"
        if "properties" in value:
            yield from _rows(f"{above}{key}.", value, definitions)


def _referred(value: dict[str, Any], definitions: dict[str, Any]) -> str:
    name = value.get("$ref", "").rpartition("/")[2]
    return str(definitions.get(name, {}).get("description", ""))


def _type(value: dict[str, Any], definitions: dict[str, Any]) -> str:
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        target = definitions[name]
        return f"[`{name}`](#{name})" if "properties" in target else _type(target, definitions)
    if "anyOf" in value:
        return " or ".join(_type(item, definitions) for item in value["anyOf"])
    if "enum" in value or "const" in value:
        words = value.get("enum", [value.get("const")])
        return ", ".join(f"`{json.dumps(word)}`" for word in words)
    if value["type"] == "array":
        return f"list of {_type(value['items'], definitions)}"
    return str(value["type"])
