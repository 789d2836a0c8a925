"""What can be found."""

from __future__ import annotations

from msgspec import Struct

from gitops_ci.model.severity import Severity

PREFIXES = (
    "yaml",
    "config",
    "schema",
    "semantics",
    "ref",
    "kustomize",
    "helm",
    "argocd",
    "flux",
    "transition",
    "secret",
    "sops",
    "pss",
    "reliability",
    "image",
    "rbac",
    "network",
    "gitops",
    "supply-chain",
    "policy",
    "terraform",
    "ansible",
    "python",
    "promote",
    "gate",
    "drift",
    "commit",
)
"""The closed list of rule id prefixes: an id is API, and a prefix names the folder that owns it."""


class Rule(Struct, frozen=True):
    """One fact that the tool checks. `id` is `prefix/name`; `severity` is the built-in default."""

    id: str
    summary: str
    severity: Severity
    rationale: str = ""
    url: str = ""

    @property
    def prefix(self) -> str:
        """The part before the slash."""
        return self.id.partition("/")[0]
