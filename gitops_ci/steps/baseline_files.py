"""The baseline files of one state of the repository."""

from __future__ import annotations

from gitops_ci.config.globs import Globs
from gitops_ci.findings.baseline_paths import FOLDER
from gitops_ci.repo.tree import Tree


def baseline_files(tree: Tree) -> dict[str, bytes]:
    """Path to bytes of every baseline file. Raises UnreadableError."""
    chosen = Globs((f"{FOLDER}/**",))
    return {
        entry.path: tree.read(entry.path) for entry in tree.entries() if chosen.match(entry.path)
    }
