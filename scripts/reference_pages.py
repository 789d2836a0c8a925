"""Reference pages of what has no dataclass of its own: the JSON report and the kustomize engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from gitops_ci.render.kustomize.fields import KUSTOMIZATION, ListOf, MapOf
from gitops_ci.report.schema import report_schema

_HELM = "the `helm` program; remote charts with `--network`"
_PLUGINS = "kustomize's own plugins; KSOPS as opaque Secrets; programs and functions never run"
REMARKS = {
    "resources": "remote ones are external without `--network`",
    "bases": "as `resources`",
    "components": "remote ones are external without `--network`",
    "configMapGenerator": "hash suffix as the reference makes it",
    "secretGenerator": "hash suffix as the reference makes it",
    "generators": _PLUGINS,
    "transformers": _PLUGINS,
    "validators": "reference binary",
    "helmCharts": _HELM,
    "helmGlobals": _HELM,
    "helmChartInflationGenerator": "reference binary",
    "buildMetadata": "`managedByLabel`; the other words by the reference binary",
    "openapi": "`path` in the kustomization that is built; in a base by the reference binary",
}
"""What has to be said about a field beyond that the native engine does it."""

_KUSTOMIZE = """\
# Kustomize fields

{note}

The native engine builds what kustomize 5.5 builds, in the same order. `gitops-ci render DIR
--engine both` compares the two on your own repository. What the table gives to the reference binary
is built by `kustomize` when it is installed, without plugins and exec; else the root is reported as
`plugin` or `unrenderable`. The same goes for fields that kustomize 5.5 does not have.

| field | entries | remark |
|---|---|---|
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
    """Every field of a kustomization file with what can be written in it."""
    rows = [
        f"| `{name}` | {', '.join(f'`{key}`' for key in _keys(kind))} | {REMARKS.get(name, '')} |\n"
        for name, kind in KUSTOMIZATION.items()
    ]
    return _KUSTOMIZE.format(note=note) + "".join(rows)


def _keys(kind: Any) -> tuple[str, ...]:
    """The keys of one entry of a field."""
    while isinstance(kind, (ListOf, MapOf)):
        kind = kind.item
    return tuple(kind) if isinstance(kind, dict) else ()


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
