"""What people have decided, read from one tree and the variables of the run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache

from msgspec.structs import replace

from gitops_ci.config.globs import name_matches
from gitops_ci.config.model import Config
from gitops_ci.git.history import GitHistory
from gitops_ci.git.repository import Git
from gitops_ci.model.errors import ConfigError
from gitops_ci.promote.freeze import Freezes, read_freeze, read_variable
from gitops_ci.promote.holds import PATH, Holds, read_holds
from gitops_ci.repo.tree import Tree
from gitops_ci.steps.promote_ground import Grounds
from gitops_ci.steps.reading import reader, source_in
from gitops_ci.steps.world import World


def bans_in(tree: Tree, config: Config, world: World) -> tuple[Holds, Freezes]:
    """The holds and freezes that rule. Raises ConfigError for a file that cannot be understood:
    nothing may move then."""
    holds, freezes = written_in((tree,), config)
    names = tuple(config.environments)
    value = world.environ.get(config.freeze.variable) if config.freeze.variable else None
    freezes = freezes.joined(read_variable(config.freeze.variable, value, names))
    require_sound(holds, freezes)
    return holds, freezes


def written_in(trees: Sequence[Tree], config: Config) -> tuple[Holds, Freezes]:
    """What files of the trees hold and freeze, with their faults. An entry has to mean one of the
    environments, unless there are several trees, which may know different ones."""
    names = tuple(config.environments) if len(trees) == 1 else ()
    file = config.freeze.file
    holds, freezes = Holds(), Freezes()
    for tree in trees:
        holds = holds.joined(read_holds(source_in(tree, PATH), names))
        freezes = freezes.joined(read_freeze(file, reader(tree)(file), names))
    return holds, freezes


def require_sound(holds: Holds, freezes: Freezes) -> None:
    """Raises ConfigError with all faults of the files and variables that they were read from."""
    faults = (*holds.findings, *freezes.findings)
    if faults:
        raise ConfigError(faults)


def with_own(holds: Holds, grounds: Grounds, environments: Iterable[str]) -> Holds:
    """The holds, and those that stand on the branches and in the repositories that some of the
    `environments` have to themselves: there each counts for that environment alone. Raises as
    `bans_in`, and as Grounds."""
    items = list(holds.items)
    for name in grounds.apart(environments):
        own = read_holds(source_in(grounds.of(name).tree, PATH))
        if own.findings:
            raise ConfigError(own.findings)
        items += [
            replace(hold, environment=name)
            for hold in own.items
            if name_matches(hold.environment, name)
        ]
    return replace(holds, items=tuple(items))


def told_in(
    git: Git | None, revision: str, grounds: Grounds, environments: Iterable[str]
) -> Callable[[], Collection[str]]:
    """The commits that changed a file of holds, on the branch `revision` and where some of the
    `environments` stand apart; read when they are asked for."""

    @cache
    def told() -> frozenset[str]:
        apart = [grounds.of(name) for name in grounds.apart(environments)]
        lines = [(git, revision), *((ground.git, ground.revision) for ground in apart)]
        return frozenset(commit for line in lines for commit in _told(*line))

    return told


def _told(git: Git | None, revision: str) -> Iterator[str]:
    if git is not None and git.find(revision) is not None:
        steps = GitHistory(git.root).steps(revision, 0, [PATH])
        yield from (step.commit for step in steps)
