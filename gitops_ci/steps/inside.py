"""Where a path that the user named lies in the repository."""

from __future__ import annotations

import os.path
from pathlib import Path

from gitops_ci.model.errors import UsageError
from gitops_ci.steps.world import World


def inside(path: str, world: World) -> str:
    """The path relative to the repository; the user names it from the current directory of -C."""
    absolute = Path(os.path.normpath(world.root / path))
    if not absolute.is_relative_to(world.root):
        raise UsageError(f"{path} lies outside of the repository", "use -C to choose another one")
    relative = absolute.relative_to(world.root).as_posix()
    inside = "" if relative == "." else relative
    if inside and world.tree.entry(inside) is None:
        raise UsageError(f"there is no {path} in the repository", "is it ignored by git?")
    return inside
