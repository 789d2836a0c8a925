"""Tags that are moved from build to build by convention."""

from __future__ import annotations

from gitops_ci.model.image import Version

LATEST = "latest"
MOVING = frozenset(
    (LATEST, "main", "master", "edge", "nightly", "canary", "unstable", "develop", "head", "dev")
)


def is_moving(version: Version) -> bool:
    """Whether a version may be another build tomorrow: no digest, and no tag or a moving one."""
    return not version.digest and (not version.tag or version.tag.lower() in MOVING)
