"""The Kubernetes versions that a run may name."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_ci.model.errors import UsageError
from gitops_ci.schemas.pack import load


def require_known(versions: Iterable[str]) -> None:
    """Raise UsageError for a Kubernetes version whose structures are not on board."""
    known = load().versions
    for version in versions:
        if version not in known:
            hint = f"on board are {known[0]} to {known[-1]}"
            raise UsageError(f"the structures of Kubernetes {version} are not on board", hint)
