"""Roots that need what is in no part of the clone: nobody knows what they give."""

from __future__ import annotations

from collections.abc import Callable

from gitops_ci.model.skip import Skip
from gitops_ci.render.objects import Rendered
from gitops_ci.repo.tree import ABSENT, Tree


def unless_wanting(tree: Tree, make: Callable[[], Rendered]) -> Rendered:
    """What `make` gives. Where it asked in vain for a file that a sparse checkout left out and does
    not say so itself, its faults follow from that: a skip stands in their place."""
    before = len(tree.wanting)
    rendered = make()
    said = {skip.path for skip in rendered.skipped if skip.reason == ABSENT}
    missed = next((path for path in tree.wanting[before:] if path not in said), None)
    if missed is None:
        return rendered
    detail = f"needs {missed}, which is left out of the sparse checkout and of this clone"
    skip = Skip(rendered.root.name, "unreadable", detail)
    return Rendered(rendered.root, skipped=(skip,), used=rendered.used)
