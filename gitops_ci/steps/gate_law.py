"""Which configuration, holds and freezes rule a change: those of the branch that it wants to.

A branch that is an environment of its own often holds manifests alone. The default branch rules it
then, and its holds and freezes count on every branch.
"""

from __future__ import annotations

from dataclasses import dataclass

from gitops_ci.config.load import Loaded, load
from gitops_ci.config.model import Config
from gitops_ci.documents.read import read
from gitops_ci.git.repository import Git
from gitops_ci.model.errors import ConfigError, IncompleteError
from gitops_ci.promote.freeze import Freezes, read_freeze
from gitops_ci.promote.holds import PATH as HOLDS
from gitops_ci.promote.holds import Holds, read_holds
from gitops_ci.repo.git_tree import GitTree
from gitops_ci.repo.tree import Tree
from gitops_ci.steps.gate_touched import Change
from gitops_ci.steps.promote_ground import Grounds
from gitops_ci.steps.reading import config_reader, reader
from gitops_ci.steps.world import World

_REMOTE = "origin/"


@dataclass(frozen=True, slots=True)
class Law:
    """`config` rules; `here` is what of it concerns the branch that the change wants to; `trees`
    are where holds and freezes count."""

    config: Config
    here: Config
    trees: tuple[Tree, ...]

    @property
    def holds(self) -> Holds:
        """The holds of all trees."""
        read_ones = [self._holds(tree) for tree in self.trees]
        return Holds(
            tuple(item for holds in read_ones for item in holds.items),
            tuple(item for holds in read_ones for item in holds.findings),
        )

    @property
    def freezes(self) -> Freezes:
        """The freezes that files of the trees announce."""
        file = self.config.freeze.file
        found = Freezes()
        for tree in self.trees:
            found = found.joined(read_freeze(file, reader(tree)(file), self._names))
        return found

    def _holds(self, tree: Tree) -> Holds:
        data = reader(tree)(HOLDS)
        return read_holds(read(HOLDS, data) if data is not None else None, self._names)

    @property
    def _names(self) -> tuple[str, ...]:
        """The environments that may be meant; any when the trees may know different ones."""
        return tuple(self.config.environments) if len(self.trees) == 1 else ()


def law_of(change: Change, git: Git, world: World) -> Law:
    """What rules the change. Raises ConfigError for a faulty configuration, and IncompleteError
    when the branch may be an environment of its own and nobody tells which it is."""
    base = GitTree(git, change.base)
    loaded = _loaded(base, world)
    default = git.default_branch() or ""
    tip = git.find(default) if default else None
    if tip is None or tip == change.base:
        return Law(loaded.config, loaded.config, (base,))
    main = GitTree(git, tip)
    if change.pull is None:
        if not loaded.path and _has_branches(_loaded(main, world).config):
            raise IncompleteError(
                "the base has no configuration, and its branch is not known",
                "give a token, so that the pull request can be read, or --pull NUMBER",
            )
        return Law(loaded.config, loaded.config, (base,))
    if change.pull.base == default.removeprefix(_REMOTE):
        return Law(loaded.config, loaded.config, (base,))
    if loaded.path:
        return Law(loaded.config, loaded.config, (base, main))
    config = _loaded(main, world).config
    here = Grounds(world, config, proposing=True).on("", change.pull.base)
    return Law(config, here, (base, main))


def config_at(revision: str, git: Git, world: World) -> Config:
    """The configuration of a revision. Raises ConfigError."""
    return _loaded(GitTree(git, revision), world).config


def _loaded(tree: Tree, world: World) -> Loaded:
    loaded = load(config_reader(tree, world), world.config_file)
    if loaded.findings:
        raise ConfigError(loaded.findings)
    return loaded


def _has_branches(config: Config) -> bool:
    return any(item.branch for item in config.environments.values())
