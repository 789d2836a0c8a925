"""What people have decided, read from one tree and the variables of the run."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache

from gitops_ci.config.model import Config
from gitops_ci.git.history import GitHistory
from gitops_ci.git.repository import Git
from gitops_ci.model.errors import ConfigError
from gitops_ci.promote.freeze import Freezes, read_freeze, read_variable
from gitops_ci.promote.holds import PATH, Holds, read_holds
from gitops_ci.repo.tree import Tree
from gitops_ci.steps.reading import reader, source_in
from gitops_ci.steps.world import World


def bans_in(tree: Tree, config: Config, world: World) -> tuple[Holds, Freezes]:
    """The holds and freezes that rule. Raises ConfigError for a file that cannot be understood:
    nothing may move then."""
    names = tuple(config.environments)
    holds = read_holds(source_in(tree, PATH), names)
    freezes = read_freeze(config.freeze.file, reader(tree)(config.freeze.file), names)
    value = world.environ.get(config.freeze.variable) if config.freeze.variable else None
    freezes = freezes.joined(read_variable(config.freeze.variable, value, names))
    faults = (*holds.findings, *freezes.findings)
    if faults:
        raise ConfigError(faults)
    return holds, freezes


def told_in(git: Git | None, revision: str) -> Callable[[], Collection[str]]:
    """The commits on the branch that changed the file of holds, read when they are asked for."""

    @cache
    def told() -> frozenset[str]:
        if git is None or git.find(revision) is None:
            return frozenset()
        steps = GitHistory(git.root).steps(revision, 0, [PATH])
        return frozenset(step.commit for step in steps)

    return told
