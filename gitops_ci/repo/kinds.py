"""What a file of the repository can be, and what that means for checking it."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct


class FileKind(Enum):
    """The one kind of a file."""

    MANIFEST = "manifest"
    KUSTOMIZATION = "kustomization"
    COMPONENT = "component"
    PATCH = "patch"
    KUSTOMIZE_CONFIG = "kustomize-config"
    """A transformer, generator, replacement, OpenAPI or configuration file of a kustomization."""
    GENERATOR_INPUT = "generator-input"
    HELM_CHART = "helm-chart"
    HELM_TEMPLATE = "helm-template"
    VALUES = "values"
    CI_FILE = "ci-file"
    TOOL_CONFIG = "tool-config"
    SOPS = "sops"
    TERRAFORM = "terraform"
    ANSIBLE = "ansible"
    TEMPLATE = "template"
    """Text that some other program turns into YAML, such as Jinja."""
    DATA = "data"
    """JSON that no cluster reads: dashboards, schemas, settings."""
    UNKNOWN = "unknown"
    """YAML that is neither a Kubernetes object nor referenced by anything."""
    NOT_YAML = "not-yaml"
    BINARY = "binary"
    IGNORED = "ignored"
    LINK = "link"
    UNREADABLE = "unreadable"


SKIP_REASONS: dict[FileKind, str] = {
    FileKind.COMPONENT: "component",
    FileKind.PATCH: "patch",
    FileKind.HELM_TEMPLATE: "helm-template",
    FileKind.VALUES: "values",
    FileKind.CI_FILE: "ci-file",
    FileKind.TOOL_CONFIG: "ci-file",
    FileKind.SOPS: "encrypted",
    FileKind.TERRAFORM: "not-yaml",
    FileKind.TEMPLATE: "not-yaml",
    FileKind.DATA: "not-yaml",
    FileKind.NOT_YAML: "not-yaml",
    FileKind.BINARY: "binary",
    FileKind.IGNORED: "ignored",
}
"""The reason that a file of the kind is not checked as a manifest; the other YAML kinds are
parsed and counted. A component is checked where it is used."""

FOR_THE_CLUSTER = frozenset(
    {
        FileKind.MANIFEST,
        FileKind.KUSTOMIZATION,
        FileKind.COMPONENT,
        FileKind.PATCH,
        FileKind.KUSTOMIZE_CONFIG,
        FileKind.HELM_CHART,
        FileKind.VALUES,
        FileKind.SOPS,
    }
)
"""Kinds whose faults of form are findings: a controller or a renderer reads them."""


class Verdict(Struct, frozen=True):
    """What a file is, and a phrase that says why."""

    kind: FileKind
    why: str
