"""A directory without a kustomization file, built as Flux builds it."""

from __future__ import annotations

from gitops_ci.render.kustomize.loader import NAMES, Loader, is_inside
from gitops_ci.repo.tree import EntryKind

_MANIFESTS = (".yaml", ".yml")


def plain_directory(loader: Loader) -> list[str]:
    """The paths that Flux lists in the kustomization that it generates: every directory with a
    kustomization file (and nothing below it) and every YAML file elsewhere, in the order of the
    names. Source: the Flux documentation, "Generate a kustomization.yaml"."""
    tree = loader.files.tree
    below = [e for e in tree.entries() if is_inside(e.path, loader.root)]
    roots = {
        e.path.rpartition("/")[0]
        for e in below
        if e.path.rpartition("/")[2] in NAMES and e.path.rpartition("/")[0] != loader.root
    }
    result: set[str] = set()
    for entry in below:
        parts = entry.path.split("/")
        above = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
        root = next((directory for directory in above if directory in roots), None)
        if root is not None:
            result.add(root)
        elif entry.kind is EntryKind.FILE and entry.path.endswith(_MANIFESTS):
            result.add(entry.path)
    start = len(loader.root) + 1 if loader.root else 0
    return sorted(path[start:] for path in result)
