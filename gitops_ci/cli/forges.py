"""Which forge a run speaks to, and with which token."""

from __future__ import annotations

from pathlib import Path

from gitops_ci.forge.port import Forge, Service
from gitops_ci.model.errors import UsageError
from gitops_ci.model.ports import Clock


class RealForges:
    """Opens the forges that the variables of the run name."""

    def __init__(self, root: Path, clock: Clock) -> None:
        self._root, self._clock = root, clock

    def open(self, name: str, repository: str = "") -> Forge:
        """The forge called `name`. Raises UsageError without a token."""
        from gitops_ci.forge.local import LocalForge
        from gitops_ci.git.writing import GitWriter

        if name != "local":
            where = f" for {repository}" if repository else ""
            raise UsageError(f"there is no token for the forge {name}{where}", "use --forge local")
        return LocalForge(GitWriter(self._root), self._clock)

    def service(self, repository: str = "") -> Service | None:  # noqa: ARG002 - the port has it
        """The forge that this run belongs to, None without a token."""
        return None
