"""Small ways to read a tree, and the configuration that goes with it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.read import read as read_source
from gitops_ci.repo.tree import Tree, UnreadableError
from gitops_ci.steps.world import World


def reader(tree: Tree) -> Callable[[str], bytes | None]:
    """The bytes of a file by its path, None when it is not there or cannot be read."""

    def read(path: str) -> bytes | None:
        try:
            return tree.read(path)
        except UnreadableError:
            return None

    return read


def source_in(tree: Tree, path: str) -> SourceFile | None:
    """The parsed file of a tree, None when it is not there."""
    data = reader(tree)(path)
    return None if data is None else read_source(path, data)


def config_reader(tree: Tree, world: World) -> Callable[[str], bytes | None]:
    """The reader of configuration files: those of `tree`, and the one outside of the repository
    that `--config` may name, which is the same for every revision."""
    of_tree = reader(tree)

    def read(path: str) -> bytes | None:
        if path != world.config_file or not os.path.isabs(path):
            return of_tree(path)
        try:
            return Path(path).read_bytes()
        except OSError:
            return None

    return read
