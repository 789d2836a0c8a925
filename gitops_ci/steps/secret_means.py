"""With what secrets are searched in a run: the same for the change and for what it departs from."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field
from msgspec.structs import replace

from gitops_ci.config.model import Config
from gitops_ci.findings.known_rules import KnownRules
from gitops_ci.git.repository import Git
from gitops_ci.output.commands import Command, Name
from gitops_ci.repo.disk import TrackedTree, WholeTree
from gitops_ci.repo.files import Files
from gitops_ci.repo.git_tree import GitTree
from gitops_ci.repo.tree import Tree
from gitops_ci.secrets.allowed import BASELINE_FILE, LegacyBaseline, read_legacy_baseline
from gitops_ci.secrets.history import Commits
from gitops_ci.secrets.identities import Known
from gitops_ci.secrets.library import Library, library
from gitops_ci.secrets.prints import DEFAULT_SALT, SALT_FILE, salt_of
from gitops_ci.steps.comparison import Comparison
from gitops_ci.steps.reading import reader
from gitops_ci.steps.world import World


def _keep(_value: str) -> None:
    """What is done with a found value when nothing is printed."""


class SecretMeans(Struct, frozen=True):
    """`known` are the rules that may be ignored; `hide` is told each value before anybody can print
    it; `salt` makes the fingerprints; `legacy` is what `.secrets.baseline` accepts; `commits` are
    those to search through `git` besides the tree, None for none; `committed` is the last commit,
    for a work tree; `files` are searched instead of those that the rest of a check looks at. `now`
    are the secrets of a later state, when this one is searched to know what stands in it still."""

    known: KnownRules = field(default_factory=KnownRules)
    hide: Callable[[str], None] = _keep
    salt: bytes = DEFAULT_SALT
    legacy: LegacyBaseline = field(default_factory=LegacyBaseline)
    library: Library | None = None
    git: Git | None = None
    commits: Commits | None = None
    committed: Tree | None = None
    files: Files | None = None
    now: Known | None = None

    def at_base(self, now: Known) -> SecretMeans:
        """The means to search the state that a change departs from and in which `now` stands."""
        return replace(self, commits=None, committed=None, files=None, now=now)


def secret_means(
    world: World, known: KnownRules, ruling: Tree, commits: Commits | None
) -> SecretMeans:
    """The means for `world`; what suppresses and what makes fingerprints comes from `ruling`."""
    read = reader(ruling)
    return SecretMeans(
        known,
        lambda value: hide_value(value, world),
        salt_of(read(SALT_FILE)),
        read_legacy_baseline(read(BASELINE_FILE) or b""),
        library(),
        world.git,
        commits,
        GitTree(world.git, "HEAD") if world.git is not None else None,
    )


def means_in_check(
    world: World,
    known: KnownRules,
    ruling: Tree,
    config: Config,
    files: Files,
    compared: Comparison | None,
) -> SecretMeans:
    """The means of a check that looks at `files`, and on a change at its commits."""
    needed = world.context.judges_a_change
    commits = None
    if compared is not None:
        commits = Commits(compared.fork, compared.head, needed=needed)
    means = secret_means(world, known, ruling, commits)
    tree = tree_for(world, config.secrets.scope)
    return means if tree is files.tree else replace(means, files=Files(tree, files))


def tree_for(world: World, scope: str) -> Tree:
    """The files on disk that `secrets.scope` wants to be searched."""
    if scope == "tracked":
        return TrackedTree(world.root, world.git)
    return WholeTree(world.root) if scope == "all" else world.tree


def hide_value(value: str, world: World) -> None:
    """Keep a found secret out of everything that is printed, here and by the runner."""
    world.sink.redactor.register(value)
    for line in value.splitlines():
        world.sink.command(Command(Name.MASK, line))
