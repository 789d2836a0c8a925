"""Values that only the cluster knows: encrypted ones, and variables from out of sight."""

from __future__ import annotations

from typing import Any

from gitops_ci.model.regex import regex

_OPAQUE = regex(
    r"ENC\[[A-Z0-9_]+,data:|\$\{[A-Za-z_#][^}]*\}|<(?:path:[^>]+|[\w.-]+)>|^(?:ref\+|vals?:)"
)


def is_opaque(value: Any) -> bool:
    """Whether the text stands, in whole or in part, for something that is not written in the
    repository: a SOPS value, an unresolved `${VAR}`, an argocd-vault-plugin or vals placeholder.
    Such a text has the right to any form."""
    return isinstance(value, str) and bool(_OPAQUE.search(value))


def without_sops(value: dict[str, Any]) -> dict[str, Any]:
    """The object as the controller decrypts it, its values left opaque: without `sops`."""
    if "sops" not in value or "kind" not in value:
        return value
    return {key: item for key, item in value.items() if key != "sops"}
