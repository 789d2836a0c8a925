"""This project as users get it: a release under somebody's name."""

from __future__ import annotations

from pathlib import Path

from gitops_ci import __version__
from scripts.pin_release import pinned
from tests.support.containers import copy_work_tree

OWNER = "example"
PRODUCT = f"{OWNER}/gitops-ci"
IMAGE = f"ghcr.io/{PRODUCT}:{__version__}"
_INIT = "gitops_ci/steps/init_files.py"
_PARTS = (".github/", "README.md", "action.yml", "actions/", "docs/", _INIT, "templates/")


def release(target: Path, digest: str) -> Path:
    """The files of a release that others refer to, and those that name it, in `target`; pinned to
    its image as the release workflow does it."""
    copy_work_tree(target, _PARTS)
    for path, text in pinned(target, PRODUCT, __version__, digest):
        path.write_text(text, "utf-8")
    return target
