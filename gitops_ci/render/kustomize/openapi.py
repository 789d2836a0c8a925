"""openapi:, a schema of one's own: it says which lists of which kinds are merged by key, and takes
the place of the built-in one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gitops_ci.model.finding import found
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.failure import BuildError, UnsupportedError
from gitops_ci.render.kustomize.kustomization import Kustomization
from gitops_ci.render.kustomize.loader import Loader
from gitops_ci.render.kustomize.manifests import refuse_broken
from gitops_ci.render.kustomize.merge_keys import MergedList, Schema

_BUILT_IN = "v1.21.2"
_DEEPEST = 40


def load_schemas(kustomization: Kustomization, loader: Loader) -> dict[str, Schema] | None:
    """The schemas that `openapi.path` names; None when the built-in ones hold. Raises BuildError
    and UnsupportedError."""
    fields = kustomization.fields.get("openapi")
    if fields is None:
        return None
    version, path = fields.get("version"), fields.get("path")
    location = kustomization.location("openapi")
    if path is None:
        if version not in (None, "", _BUILT_IN):
            message = f"kustomize 5.5 knows only the OpenAPI version {_BUILT_IN}"
            raise BuildError(found(rules.INVALID_FIELD, message, location))
        return None
    if version is not None:
        message = "openapi takes either path or version"
        raise BuildError(found(rules.INVALID_FIELD, message, location))
    source = loader.source(path, kustomization.spot("openapi", "path"))
    refuse_broken(source, duplicates=True)
    value = source.documents[0].value if source.documents else {}
    definitions = value.get("definitions") if isinstance(value, dict) else None
    if not isinstance(definitions, dict) or value.get("paths"):
        raise UnsupportedError("openapi", location, "this OpenAPI document needs the reference")
    return _Reader(definitions).types()


class _Reader:
    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions

    def types(self) -> dict[str, Schema]:
        """The schema of each kind by `apiVersion/kind`."""
        result: dict[str, Schema] = {}
        for definition in self._definitions.values():
            if not isinstance(definition, dict):
                continue
            for kind in definition.get("x-kubernetes-group-version-kind") or ():
                group, version = kind.get("group"), kind.get("version")
                api_version = f"{group}/{version}" if group else version
                result[f"{api_version}/{kind.get('kind')}"] = self._schema(definition, 0)
        return result

    def _schema(self, definition: Mapping[str, Any], depth: int) -> Schema:
        schema: Schema = {}
        if depth > _DEEPEST:
            return schema
        for name, raw in (definition.get("properties") or {}).items():
            field = self._resolved(raw)
            merged = _merged_list(field)
            if merged is not None:
                items = field.get("items")
                if isinstance(items, dict):
                    merged.item = self._schema(self._resolved(items), depth + 1)
                schema[name] = merged
            elif field.get("properties"):
                schema[name] = self._schema(field, depth + 1)
        return schema

    def _resolved(self, field: Any) -> Mapping[str, Any]:
        for _ in range(_DEEPEST):
            if not isinstance(field, dict):
                return {}
            reference = field.get("$ref")
            if not isinstance(reference, str):
                return field
            field = self._definitions.get(reference.rpartition("/")[2])
        return {}


def _merged_list(field: Mapping[str, Any]) -> MergedList | None:
    strategy = field.get("x-kubernetes-patch-strategy")
    if not isinstance(strategy, str) or "merge" not in strategy.split(","):
        return None
    key = field.get("x-kubernetes-patch-merge-key")
    return MergedList(tuple(field.get("x-kubernetes-list-map-keys") or ([key] if key else ())))
