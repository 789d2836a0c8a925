"""What the content of a file says about it, where its name does not decide."""

from __future__ import annotations

import re

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.heads import heads_of
from gitops_ci.documents.manifests import manifests_of
from gitops_ci.documents.values import Value
from gitops_ci.model.regex import regex
from gitops_ci.repo.kinds import FileKind, Verdict
from gitops_ci.repo.names import is_kustomization, is_patch_name, is_values_name

_API_VERSION = regex(rb"^(?:- |\{)?[\"']?apiVersion[\"']?[ \t]*:", re.MULTILINE)
_KIND = regex(rb"^(?:- |\{)?[\"']?kind[\"']?[ \t]*:", re.MULTILINE)
_TELLING = (b"sops", b"$patch")
_BRACES = (b"{{", b"{%", b"<%")
_ENCRYPTED = b"ENC[AES256_GCM,"
_FLUX = "kustomize.toolkit.fluxcd.io/"
_KUSTOMIZE_GROUP = "kustomize.config.k8s.io"
_NOT_FOR_A_CLUSTER = (
    "apiserver.config.k8s.io",
    "audit.k8s.io",
    "backstage.io",
    "chainsaw.kyverno.io",
    "cli.kyverno.io",
    "client.authentication.k8s.io",
    "config.kubernetes.io",
    "config.kpt.dev",
    "credentialprovider.kubelet.k8s.io",
    "ctlptl.dev",
    "eksctl.io",
    "k3d.io",
    "kind.x-k8s.io",
    "kubeadm.k8s.io",
    "kubelet.config.k8s.io",
    "kubeproxy.config.k8s.io",
    "kubescheduler.config.k8s.io",
    "kuttl.dev",
    "minikube.sigs.k8s.io",
    "mirror.openshift.io",
    "pod-security.admission.config.k8s.io",
    "schema.plugin.fluxcd.io",
    "skaffold",
    "writer.kpt.dev",
)
"""API groups of files that configure a program by `apiVersion` and `kind`, too, but that nobody
applies to a cluster."""
_UNLIKE = frozenset({*_NOT_FOR_A_CLUSTER, "builtin", _KUSTOMIZE_GROUP})
_MANIFEST = "Kubernetes objects"


def shows_object(data: bytes) -> bool:
    """Whether the text has `apiVersion` and `kind` where a manifest has them. Works on files that
    cannot be parsed."""
    return bool(_API_VERSION.search(data) and _KIND.search(data))


def has_braces(data: bytes) -> bool:
    """Whether the text holds the marks of a template language."""
    return any(mark in data for mark in _BRACES)


def is_object(value: Value) -> bool:
    """Whether the mapping is meant to be a Kubernetes object, complete or not."""
    if not isinstance(value, dict):
        return False
    known = sum(
        (
            isinstance(value.get("apiVersion"), str),
            isinstance(value.get("kind"), str),
            isinstance(value.get("metadata"), dict),
        )
    )
    return known >= 2


def shows_manifest(path: str, data: bytes) -> bool:
    """Whether the text alone is certain to be judged as manifests, whether or not it can be parsed:
    it begins like one, and nothing in it could make it something else. Most files are such."""
    if is_patch_name(path) or has_braces(data) or any(word in data for word in _TELLING):
        return False
    head = next(heads_of(data), None)
    if head is None or head.kind == "Config" or head.kind.endswith("List"):
        return False
    return head.api_version.partition("/")[0] not in _UNLIKE


def judge_content(source: SourceFile) -> Verdict:
    """The kind of a YAML or JSON file that nothing refers to."""
    if is_kustomization(source.path):
        return _kustomization(source)
    if shows_manifest(source.path, source.data):
        return Verdict(FileKind.MANIFEST, _MANIFEST)
    return _parsed(source)


def _parsed(source: SourceFile) -> Verdict:
    if source.broken and not source.documents:
        return _broken(source)
    if is_encrypted(source):
        return Verdict(FileKind.SOPS, "encrypted with SOPS")
    objects = [manifest.value for manifest in manifests_of(source) if is_object(manifest.value)]
    if objects:
        return _objects(source, objects)
    if any(_is_json_patch(document.value) for document in source.documents):
        return Verdict(FileKind.PATCH, "a JSON patch")
    if any(_is_playbook(document.value) for document in source.documents):
        return Verdict(FileKind.ANSIBLE, "a playbook")
    if source.path.endswith(".json"):
        return Verdict(FileKind.DATA, "JSON without a Kubernetes object")
    if source.broken:
        return _broken(source)
    if is_values_name(source.path):
        return Verdict(FileKind.VALUES, "named like a values file")
    return Verdict(FileKind.UNKNOWN, "YAML without a Kubernetes object")


def is_encrypted(source: SourceFile) -> bool:
    """Whether SOPS encrypted the file: it leaves a `sops` mapping in the last document."""
    if b"sops" not in source.data:
        return False
    return any(
        isinstance(document.value, dict) and _is_sops(document.value.get("sops"))
        for document in source.documents
    )


def _is_sops(value: Value) -> bool:
    return isinstance(value, dict) and ("mac" in value or "lastmodified" in value)


def _kustomization(source: SourceFile) -> Verdict:
    values = [d.value for d in source.documents if isinstance(d.value, dict)]
    if any(str(value.get("apiVersion", "")).startswith(_FLUX) for value in values):
        return Verdict(FileKind.MANIFEST, "a Flux Kustomization, in spite of its name")
    if any(value.get("kind") == "Component" for value in values):
        return Verdict(FileKind.COMPONENT, "a kustomize Component")
    return Verdict(FileKind.KUSTOMIZATION, "a kustomization")


def _objects(source: SourceFile, objects: list[dict[str, Value]]) -> Verdict:
    groups = {str(value.get("apiVersion", "")).partition("/")[0] for value in objects}
    if all(_is_tool(value) for value in objects):
        return Verdict(FileKind.TOOL_CONFIG, "configures a program, not a cluster")
    if groups == {"builtin"} or (groups == {_KUSTOMIZE_GROUP} and len(objects) == 1):
        return Verdict(FileKind.KUSTOMIZE_CONFIG, "configures kustomize")
    if is_patch_name(source.path) or any("$patch" in value for value in objects):
        return Verdict(FileKind.PATCH, "named a patch, and used by nothing")
    return Verdict(FileKind.MANIFEST, _MANIFEST)


def _is_tool(value: dict[str, Value]) -> bool:
    version, kind = str(value.get("apiVersion", "")), value.get("kind")
    if version.partition("/")[0] in _NOT_FOR_A_CLUSTER:
        return True
    return version == "v1" and kind == "Config" and ("clusters" in value or "contexts" in value)


def _is_json_patch(value: Value) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(item, dict) and "op" in item and "path" in item for item in value)
    )


def _is_playbook(value: Value) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(
            isinstance(item, dict) and ("hosts" in item or "import_playbook" in item)
            for item in value
        )
    )


def _broken(source: SourceFile) -> Verdict:
    data = source.data
    if _ENCRYPTED in data and b"sops" in data:
        return Verdict(FileKind.SOPS, "encrypted with SOPS")
    if shows_object(data):
        if has_braces(data) and b"ApplicationSet" not in data:
            return Verdict(FileKind.TEMPLATE, "a template of another program")
        return Verdict(FileKind.MANIFEST, _MANIFEST)
    if source.path.endswith(".json"):
        return Verdict(FileKind.DATA, "not JSON, and used by nothing")
    return Verdict(FileKind.TEMPLATE, "not valid YAML, and no Kubernetes object")
