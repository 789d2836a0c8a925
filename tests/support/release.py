"""This project as users get it: a release under somebody's name."""

from __future__ import annotations

from pathlib import Path

from gitops_ci import __version__
from scripts.pin_release import pinned
from tests.support.containers import copy_work_tree

OWNER = "example"
PRODUCT = f"{OWNER}/gitops-ci"
IMAGE = f"ghcr.io/{PRODUCT}:{__version__}"


def release(target: Path, digest: str) -> Path:
    """The files of a release in `target`, pinned to its image as the release workflow does it."""
    copy_work_tree(target)
    for path, text in pinned(target, PRODUCT, __version__, digest):
        path.write_text(text, "utf-8")
    return target
