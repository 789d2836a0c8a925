"""Which configuration, holds and freezes rule a change: those of the branch that it wants to.

A branch that is an environment of its own often holds manifests alone. The default branch rules it
then, and its holds and freezes count on every branch.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.config.load import Loaded, load
from gitops_ci.config.model import Config
from gitops_ci.forge.port import Service
from gitops_ci.git.repository import Git
from gitops_ci.model.errors import ConfigError, IncompleteError
from gitops_ci.repo.git_tree import GitTree
from gitops_ci.repo.tree import Tree
from gitops_ci.steps.gate_touched import Change
from gitops_ci.steps.promote_ground import Grounds
from gitops_ci.steps.reading import config_reader
from gitops_ci.steps.world import World

_REMOTE = "origin/"


class Law(Struct, frozen=True):
    """`config` rules; `here` is what of it concerns the branch that the change wants to; `trees`
    are where holds and freezes count."""

    config: Config
    here: Config
    trees: tuple[Tree, ...]


def law_of(change: Change, git: Git, world: World, service: Service | None) -> Law:
    """What rules the change. Raises ConfigError for a faulty configuration, IncompleteError when
    the branch may be an environment of its own and nobody tells which it is, and ForgeError."""
    base = GitTree(git, change.base)
    loaded = _loaded(base, world)
    alone = Law(loaded.config, loaded.config, (base,))
    default = world.context.default_branch or (git.default_branch() or "").removeprefix(_REMOTE)
    if not default or change.branch == default or (loaded.path and not change.branch):
        return alone
    tip = _tip(default, git, service)
    if tip == change.base or (not tip and loaded.path):
        return alone
    if not tip:
        raise IncompleteError(
            f"the base has no configuration, and the default branch {default} is not here",
            f"run `git fetch origin {default}:refs/remotes/origin/{default}` first",
        )
    main = GitTree(git, tip)
    if loaded.path:
        return replace(alone, trees=(base, main))
    config = _loaded(main, world).config
    if change.branch:
        here = Grounds(world, config, proposing=True).on("", change.branch)
        return Law(config, here, (base, main))
    if any(item.branch for item in config.environments.values()):
        raise IncompleteError(
            "the base has no configuration, and its branch is not known",
            "name the branch in BASE..HEAD, or the pull request with --pull NUMBER",
        )
    return alone


def _tip(branch: str, git: Git, service: Service | None) -> str:
    """The commit of a branch in this clone, else on the forge; empty when neither has it."""
    found = git.find(f"{_REMOTE}{branch}") or git.find(branch) or ""
    return found if found or service is None else service.forge.tip(branch)


def config_at(revision: str, git: Git, world: World) -> Config:
    """The configuration of a revision. Raises ConfigError."""
    return _loaded(GitTree(git, revision), world).config


def _loaded(tree: Tree, world: World) -> Loaded:
    loaded = load(config_reader(tree, world), world.config_file)
    if loaded.findings:
        raise ConfigError(loaded.findings)
    return loaded
