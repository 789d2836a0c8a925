"""The secrets in a parsed file."""

from __future__ import annotations

from collections.abc import Sequence

from gitops_ci.documents.document import SourceFile
from gitops_ci.repo.names import is_kustomization
from gitops_ci.secrets.generators import FIELD, generator_literals
from gitops_ci.secrets.hit import Hit
from gitops_ci.secrets.kinds import HANDLERS
from gitops_ci.secrets.patches import is_patch, kustomization_patches, patch_entries
from gitops_ci.secrets.terraform import is_state, state
from gitops_ci.secrets.trail import Trail
from gitops_ci.secrets.walking import walk


def hits_in(source: SourceFile, lines: Sequence[range]) -> list[Hit]:
    """The secrets in the documents of a file that begin on one of the lines (from 1)."""
    hits: list[Hit] = []
    for document in source.documents:
        if not any(document.line in part for part in lines):
            continue
        value = document.value
        trail = Trail(document.index, HANDLERS, hits)
        if is_state(value):
            state(value, trail)
        elif is_patch(value):
            patch_entries(value, trail, secret=False)
            walk(value, (), trail)
        elif is_kustomization(source.path) and isinstance(value, dict):
            generator_literals(value, trail)
            kustomization_patches(value, trail)
            walk({key: item for key, item in value.items() if key != FIELD}, (), trail)
        else:
            walk(value, (), trail)
    return hits
