"""Which commit a proposal starts from."""

from __future__ import annotations

from msgspec import Struct

from gitops_ci.config.load import load_config
from gitops_ci.config.model import Config
from gitops_ci.forge.port import Forge
from gitops_ci.git.repository import Git
from gitops_ci.model.errors import UsageError
from gitops_ci.repo.git_tree import GitTree
from gitops_ci.steps.reading import config_reader
from gitops_ci.steps.world import World

_REMOTE = "origin/"


class Base(Struct, frozen=True):
    """A branch that changes are proposed to, and the commit at its tip. `environments` maps the
    environments with a branch of their own to it; all others live on the `default` one."""

    branch: str
    revision: str
    environments: tuple[tuple[str, str], ...] = ()
    default: bool = True

    @property
    def several(self) -> bool:
        """Whether there are other bases."""
        return bool(self.environments)

    def holds(self, environment: str) -> bool:
        """Whether the environment lives on this branch."""
        own = dict(self.environments).get(environment)
        return own == self.branch or (own is None and self.default)


def bases_of(git: Git, world: World, forge: Forge) -> tuple[Base, ...]:
    """The default branch first, then those that the configuration there names for environments,
    each at the tip that the forge has now. Raises UsageError when a branch is not there."""
    name = git.default_branch() or git.branch()
    if not name:
        raise UsageError("there is no base branch to propose to", "commit something first")
    branch = name.removeprefix(_REMOTE)
    revision = _tip(forge, branch)
    config = load_config(config_reader(GitTree(git, revision), world), world.config_file)
    own = _own_branches(config, branch)
    others = dict.fromkeys(other for _, other in own)
    return (
        Base(branch, revision, own),
        *(Base(other, _tip(forge, other), own, default=False) for other in others),
    )


def _own_branches(config: Config, default: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, environment.branch)
        for name, environment in config.environments.items()
        if environment.branch and environment.branch != default
    )


def _tip(forge: Forge, branch: str) -> str:
    tip = forge.tip(branch)
    if not tip:
        said = f"there is no base branch to propose to: {branch} is not there"
        raise UsageError(said, "commit something first, or fetch it")
    return tip
