"""Where environments live: the work tree, branches of this repository, other repositories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from msgspec import Struct, field
from msgspec.structs import replace

from gitops_ci.config.load import load
from gitops_ci.config.model import Config, Environment
from gitops_ci.forge.port import Forge
from gitops_ci.git.repository import Git
from gitops_ci.model.errors import ConfigError, UsageError
from gitops_ci.promote.bump.overlays import Entry, possible_entries
from gitops_ci.promote.epochs import Epoch, Timeline, epochs_of, timeline
from gitops_ci.promote.history import History, Standing
from gitops_ci.promote.side import Side
from gitops_ci.promote.slots import Place
from gitops_ci.promote.state import State
from gitops_ci.repo.git_tree import GitTree
from gitops_ci.repo.tree import Tree
from gitops_ci.steps.bump_observe import observed
from gitops_ci.steps.promote_sight import Sight, sight_of
from gitops_ci.steps.reading import config_reader
from gitops_ci.steps.settings import settled
from gitops_ci.steps.snapshot import take_snapshot
from gitops_ci.steps.world import World

_REMOTE = "origin/"
_EVERYTHING = "**"


class Ground(Struct):
    """One tree that holds environments. `branch` is empty for the work tree; `fetched` says that
    the repository is a copy, which nobody sees proposals in."""

    tree: Tree
    git: Git | None
    revision: str
    branch: str
    sight: Sight
    fetched: bool = False
    _history: History | None = None
    _timelines: dict[tuple[Place, ...], Timeline] = field(default_factory=dict)

    def side(self, environment: str) -> Side:
        """The environment as the planner sees it."""
        sight = self.sight
        states = sight.states_of(environment)

        def entries(repository: str) -> tuple[Entry, ...]:
            sites = sight.observed.sites
            return possible_entries(repository, environment, sites, sight.overlays)

        return Side(
            environment,
            states,
            sight.observed.source,
            self.timeline,
            sight.survey.spots,
            frozenset(sight.observed.snapshot.inventory.files),
            entries,
        )

    def timeline(self, places: tuple[Place, ...]) -> Timeline:
        """What stood at the places, with what stands there now at the end, committed or not."""
        if places not in self._timelines:
            self._timelines[places] = self._read(places)
        return self._timelines[places]

    def standings(self, place: Place) -> tuple[Standing, ...]:
        """What stood at one place, committed; empty without a history."""
        history = self._past()
        state = self.sight.states.get(place)
        return history.standings(place, state.paths if state else ()) if history else ()

    def line(self, first: str, end: str, most: int) -> tuple[str, ...]:
        """At most `most` commits of the first-parent line from `first` on, before `end`."""
        if self.git is None:
            return ()
        later = self.git.line_behind(first, end or self.revision, most)
        return (first, *(commit for commit in later if commit != end))[:most]

    def _past(self) -> History | None:
        if self.git is None:
            return None
        if self._history is None:
            if self.git.find(self.revision) is None:  # nothing is committed yet
                self.git = None
                return None
            self._history = self.sight.history(self.git, self.revision)
        return self._history

    def _read(self, places: tuple[Place, ...]) -> Timeline:
        known = self.sight.states
        present = Epoch(tuple(known.get(place, State(place)) for place in places))
        history = self._past()
        if history is None:
            return timeline((present,))
        standings = {
            state.place: history.standings(state.place, state.paths) for state in present.states
        }
        epochs = epochs_of(standings)
        if not epochs or epochs[-1].contents != present.contents:
            epochs = (*epochs, present)
        return timeline(epochs)


class Grounds:
    """The grounds of all environments of a configuration, each observed when it is needed."""

    def __init__(
        self, world: World, config: Config, *, proposing: bool, forge: Forge | None = None
    ) -> None:
        """With `proposing`, environments without a branch of their own lie on the tip of the base
        branch; else in the work tree. Tips of this repository are what the `forge` says."""
        self._world, self._config, self._proposing = world, config, proposing
        self._forge = forge
        self._grounds: dict[tuple[str, str], Ground] = {}
        self._sides: dict[str, Side] = {}

    @cached_property
    def _default(self) -> str:
        git = self._world.git
        name = (git.default_branch() or git.branch()) if git else ""
        return (name or "").removeprefix(_REMOTE)

    def of(self, environment: str) -> Ground:
        """The ground of an environment. Raises GitopsError when it cannot be had."""
        key = self._key(self._config.environments[environment])
        if key not in self._grounds:
            self._grounds[key] = self._make(*key)
        return self._grounds[key]

    def side(self, environment: str) -> Side:
        """The environment as the planner sees it."""
        if environment not in self._sides:
            self._sides[environment] = self.of(environment).side(environment)
        return self._sides[environment]

    def apart(self, environments: Iterable[str]) -> tuple[str, ...]:
        """Those of the environments that have a branch or a repository to themselves."""
        known = self._config.environments
        names = dict.fromkeys(environments)
        return tuple(name for name in names if self._key(known[name]) != ("", ""))

    def on(self, repo: str, branch: str) -> Config:
        """The configuration with the environments that live there. One that has a branch to itself
        needs no paths: all of it is the environment."""
        here = {
            name: environment
            for name, environment in self._config.environments.items()
            if self._key(environment) == (repo, branch)
        }
        own: Mapping[str, Environment] = here
        if len(here) == 1 and (repo or branch):
            ((name, only),) = here.items()
            if not only.paths and not any("{env}" in text for text in self._config.layouts):
                paths = self._config.layouts or (_EVERYTHING,)
                own = {name: replace(only, paths=paths)}
        return replace(self._config, environments=dict(own))

    def _key(self, environment: Environment) -> tuple[str, str]:
        branch = environment.branch or ""
        if branch and not environment.repo and branch == self._default:
            branch = ""
        return (environment.repo or "", branch)

    def _make(self, repo: str, branch: str) -> Ground:
        config = self.on(repo, branch)
        if not repo and not branch and not self._proposing:
            revision = "HEAD"
            return self._ground(self._world.tree, self._world.git, revision, "", config)
        git, fetched = self._repository(repo)
        name = branch or git.default_branch() or git.branch()
        if not name:
            raise UsageError("there is no base branch to propose to", "commit something first")
        short = name.removeprefix(_REMOTE)
        found = self._forge.tip(short) if self._forge is not None and not repo else ""
        found = found or git.find(name) or git.find(f"{_REMOTE}{short}") or ""
        revision = found or git.rev_parse(name)
        ground = self._ground(GitTree(git, revision), git, revision, short, config)
        ground.fetched = fetched
        return ground

    def _ground(
        self, tree: Tree, git: Git | None, revision: str, branch: str, config: Config
    ) -> Ground:
        url = git.remote_url() if git else ""
        seen = observed(tree, config, take_snapshot(tree, config, url))
        return Ground(tree, git, revision, branch, sight_of(seen))

    def _repository(self, repo: str) -> tuple[Git, bool]:
        """The repository, and whether it is a copy that was fetched."""
        if not repo:
            if self._world.git is None:
                raise UsageError("this is not a git repository", "--pr needs one; --write does not")
            return self._world.git, False
        if "://" in repo or repo.startswith("git@"):
            from gitops_ci.git.mirror import mirrored
            from gitops_ci.render.fetched.store import cache_folder

            return Git(mirrored(repo, cache_folder(self._world.environ).parent)), True
        root = (self._world.root / repo).resolve()
        git = Git.discover(root) if root.is_dir() else None
        if git is None:
            raise UsageError(f"{repo} is no git repository", "clone it there, or give its address")
        return git, False


def configured(
    world: World, inputs: object, *, proposing: bool, forge: Forge | None = None
) -> Config:
    """The configuration that rules the run: that of the base branch for proposals, else that of the
    work tree. Raises ConfigError and UsageError."""
    tree, _ = ruling_tree(world, proposing=proposing, forge=forge)
    loaded = load(config_reader(tree, world), world.config_file)
    if loaded.findings:
        raise ConfigError(loaded.findings)
    return settled(loaded, inputs, world).config


def ruling_tree(world: World, *, proposing: bool, forge: Forge | None = None) -> tuple[Tree, str]:
    """The tree whose configuration, holds and freezes rule, and its revision: the base branch for
    proposals, as the `forge` has it, else the work tree. Raises UsageError."""
    if not proposing:
        return world.tree, "HEAD"
    git = world.git
    if git is None:
        raise UsageError("this is not a git repository", "--pr needs one; --write does not")
    name = git.default_branch() or git.branch()
    if not name or git.find(name) is None:
        raise UsageError("there is no base branch to propose to", "commit something first")
    tip = forge.tip(name.removeprefix(_REMOTE)) if forge is not None else ""
    revision = tip or git.rev_parse(name)
    return GitTree(git, revision), revision


def forge_for(ground: Ground, environment: str, world: World, forge: Forge) -> Forge:
    """Where changes to the environment are proposed: on the run's own `forge`, or on branches of
    the clone that holds it. Raises UsageError where nobody would see them."""
    if ground.fetched:
        raise UsageError(
            f"{environment} lies in another repository, and only a copy of it is here",
            "name a clone of it as `repo`, and propose there",
        )
    root = ground.git.root if ground.git else world.root
    if world.git is None or root == world.git.root:
        return forge
    if forge.name != "local":
        raise UsageError(
            f"{environment} lies in another repository than the forge that was asked",
            "propose with --forge local, and push the branch from that clone",
        )
    from gitops_ci.forge.local import LocalForge
    from gitops_ci.git.writing import GitWriter

    return LocalForge(GitWriter(root), world.clock)
