"""The rules of the kustomize engine: why a kustomization cannot be built, or not as meant."""

from __future__ import annotations

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity

_DOCS = "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/"


def _error(name: str, summary: str, rationale: str, page: str = "") -> Rule:
    return Rule(f"kustomize/{name}", summary, Severity.ERROR, rationale, _DOCS + page)


MISSING_RESOURCE = _error(
    "missing-resource",
    "A path in a kustomization leads to nothing",
    "kustomize stops at the first file or directory that it cannot read, so nothing is deployed.",
    "resource/",
)
MISSING_FILE = _error(
    "missing-file",
    "A file that a kustomization reads is not there",
    "Patches, generator sources and configurations must exist for kustomize to build.",
)
CYCLE = _error(
    "cycle",
    "A kustomization includes itself",
    "kustomize refuses a base that is one of the directories that include it, or lies above one.",
    "resource/",
)
NO_KUSTOMIZATION = _error(
    "no-kustomization",
    "A directory without a kustomization file is used as a base",
    "A directory under resources or components must hold exactly one kustomization file.",
    "resource/",
)
INVALID_FIELD = _error(
    "invalid-field",
    "A field of a kustomization has the wrong type or a value that is not allowed",
    "kustomize decodes its file strictly; one wrong field makes the whole build fail.",
)
INVALID_RESOURCE = _error(
    "invalid-resource",
    "A resource without the fields that identify it",
    "kustomize needs kind and metadata.name to merge, patch and rename a resource.",
    "resource/",
)
DUPLICATE_ID = _error(
    "duplicate-id",
    "Two resources have the same identity",
    "Group, version, kind, namespace and name must be unique; kustomize refuses the second.",
    "resource/",
)
OUTSIDE_ROOT = _error(
    "outside-root",
    "A file outside the kustomization's own directory",
    "The load restrictor allows only files in or below the directory of the kustomization.",
)
LOAD_RESTRICTOR = Rule(
    "kustomize/load-restrictor",
    "This kustomization builds only with the load restrictor switched off",
    Severity.NOTE,
    "It reads files outside its own directory: whatever deploys it needs "
    "`--load-restrictor LoadRestrictionsNone`. Flux allows that, Argo CD must be told.",
    _DOCS,
)
INVALID_PATCH = _error(
    "invalid-patch",
    "A patch that cannot be read or applied",
    "kustomize stops when a patch is not a list of operations or a partial resource, or when an "
    "operation points at something that is not there.",
    "patches/",
)
PATCH_NO_TARGET = _error(
    "patch-no-target",
    "A patch that matches no resource",
    "Without a target selector kustomize fails; with one it silently changes nothing, so what the "
    "patch was meant to do does not happen.",
    "patches/",
)
PATCH_AMBIGUOUS = _error(
    "patch-ambiguous",
    "A patch that matches more than one resource",
    "A patch without a target selector must name exactly one resource.",
    "patches/",
)
UNUSED_IMAGE = _error(
    "unused-image",
    "An images entry that matches no image",
    "The entry changes nothing: the tag that it names is not what will run.",
    "images/",
)
UNUSED_REPLICAS = _error(
    "unused-replicas",
    "A replicas entry that matches no workload",
    "kustomize refuses a replicas entry whose name belongs to no scalable resource.",
    "replicas/",
)
GENERATOR = _error(
    "generator",
    "A ConfigMap or Secret that cannot be generated",
    "Sources must be readable, keys unique, and merge or replace need something to act on.",
    "configmapgenerator/",
)
REPLACEMENT = _error(
    "replacement",
    "A replacement whose source or target does not exist",
    "kustomize stops when the source is missing or ambiguous or a target field is not there.",
    "replacements/",
)
VARIABLE = _error(
    "variable",
    "A variable that cannot be resolved",
    "A var must name one resource and a field of it, and its name must be unique.",
    "vars/",
)
REFERENCE = _error(
    "ambiguous-reference",
    "A name that could mean several renamed resources",
    "kustomize cannot tell which of them the reference should follow.",
    "nameprefix/",
)
TRANSFORM = _error(
    "transform",
    "A transformer meets a value that it cannot work on",
    "A field that must be a mapping, a list or a scalar is something else.",
)
CHART = _error(
    "chart",
    "A chart that cannot be rendered",
    "The helmCharts entry fails in helm, so the kustomization cannot be built.",
    "helmcharts/",
)

RULES = (
    MISSING_RESOURCE,
    MISSING_FILE,
    CYCLE,
    NO_KUSTOMIZATION,
    INVALID_FIELD,
    INVALID_RESOURCE,
    DUPLICATE_ID,
    OUTSIDE_ROOT,
    LOAD_RESTRICTOR,
    INVALID_PATCH,
    PATCH_NO_TARGET,
    PATCH_AMBIGUOUS,
    UNUSED_IMAGE,
    UNUSED_REPLICAS,
    GENERATOR,
    REPLACEMENT,
    VARIABLE,
    REFERENCE,
    TRANSFORM,
    CHART,
)
