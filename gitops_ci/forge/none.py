"""No forge at all: what a world without one is given."""

from __future__ import annotations

from gitops_ci.forge.port import Forge, Service
from gitops_ci.model.errors import UsageError


class NoForges:
    """Opens nothing."""

    def open(self, name: str, repository: str = "") -> Forge:
        """Raises UsageError."""
        where = f" for {repository}" if repository else ""
        raise UsageError(f"there is no forge {name} here{where}", "run it in a git repository")

    def service(self, repository: str = "") -> Service | None:  # noqa: ARG002 - the port has it
        """None."""
        return None
