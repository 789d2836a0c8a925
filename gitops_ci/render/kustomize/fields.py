"""The fields of a kustomization file and their types, as kustomize 5.5 decodes them.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/. Decoding is strict:
a value of another type fails the build, an unknown field is left to the reference.
"""

from __future__ import annotations

from typing import Any, Final

STRING: Final = "a string"
BOOLEAN: Final = "true or false"
NUMBER: Final = "a whole number"
ANYTHING: Final = "anything"


class ListOf:
    """A list whose items have the type `item`."""

    def __init__(self, item: Any) -> None:
        self.item = item


class MapOf:
    """A mapping whose values have the type `item`."""

    def __init__(self, item: Any) -> None:
        self.item = item


_GVK = {"group": STRING, "version": STRING, "kind": STRING}
_RESOURCE = {**_GVK, "name": STRING, "namespace": STRING}
SELECTOR = {**_RESOURCE, "annotationSelector": STRING, "labelSelector": STRING}
PATCH = {"path": STRING, "patch": STRING, "target": SELECTOR, "options": MapOf(BOOLEAN)}
IMAGE = {"name": STRING, "newName": STRING, "tagSuffix": STRING, "newTag": STRING, "digest": STRING}
REPLICA = {"name": STRING, "count": NUMBER}
FIELD_SPEC = {**_GVK, "path": STRING, "create": BOOLEAN}
GENERATOR_OPTIONS = {
    "labels": MapOf(STRING),
    "annotations": MapOf(STRING),
    "disableNameSuffixHash": BOOLEAN,
    "immutable": BOOLEAN,
}
CONFIG_MAP = {
    "namespace": STRING,
    "name": STRING,
    "behavior": STRING,
    "literals": ListOf(STRING),
    "files": ListOf(STRING),
    "envs": ListOf(STRING),
    "env": STRING,
    "options": GENERATOR_OPTIONS,
}
SECRET = {**CONFIG_MAP, "type": STRING}
_OPTIONS = {"delimiter": STRING, "index": NUMBER, "encoding": STRING, "create": BOOLEAN}
REPLACEMENT = {
    "source": {**_RESOURCE, "fieldPath": STRING, "options": _OPTIONS},
    "targets": ListOf(
        {
            "select": SELECTOR,
            "reject": ListOf(SELECTOR),
            "fieldPaths": ListOf(STRING),
            "options": _OPTIONS,
        }
    ),
}
LABEL = {
    "pairs": MapOf(STRING),
    "includeSelectors": BOOLEAN,
    "includeTemplates": BOOLEAN,
    "fields": ListOf(FIELD_SPEC),
}
_VARIABLE = {
    "name": STRING,
    "objref": {"apiVersion": STRING, **_RESOURCE},
    "fieldref": {"fieldPath": STRING},
}
_SORT = {
    "order": STRING,
    "legacySortOptions": {"orderFirst": ListOf(STRING), "orderLast": ListOf(STRING)},
}
_PATHS = ListOf(STRING)

KUSTOMIZATION: dict[str, Any] = {
    "apiVersion": STRING,
    "kind": STRING,
    "metadata": ANYTHING,
    "openapi": MapOf(STRING),
    "namePrefix": STRING,
    "nameSuffix": STRING,
    "namespace": STRING,
    "commonLabels": MapOf(STRING),
    "labels": ListOf(LABEL),
    "commonAnnotations": MapOf(STRING),
    "patchesStrategicMerge": _PATHS,
    "patchesJson6902": ListOf(PATCH),
    "patches": ListOf(PATCH),
    "images": ListOf(IMAGE),
    "imageTags": ListOf(IMAGE),
    "replacements": ListOf({**REPLACEMENT, "path": STRING}),
    "replicas": ListOf(REPLICA),
    "vars": ListOf(_VARIABLE),
    "sortOptions": _SORT,
    "resources": _PATHS,
    "components": _PATHS,
    "crds": _PATHS,
    "bases": _PATHS,
    "configMapGenerator": ListOf(CONFIG_MAP),
    "secretGenerator": ListOf(SECRET),
    "helmGlobals": ANYTHING,
    "helmCharts": ListOf(ANYTHING),
    "helmChartInflationGenerator": ListOf(ANYTHING),
    "generatorOptions": GENERATOR_OPTIONS,
    "configurations": _PATHS,
    "generators": _PATHS,
    "transformers": _PATHS,
    "validators": _PATHS,
    "buildMetadata": ListOf(STRING),
}
