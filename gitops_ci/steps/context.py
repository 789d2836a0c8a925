"""The circumstances of a run: by hand, on a branch, on a pull request."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct


class Forge(Enum):
    """Where the run takes place."""

    NONE = "none"
    GITHUB = "github"
    GITLAB = "gitlab"


class Occasion(Enum):
    """Why the run takes place."""

    LOCAL = "local"
    PUSH = "push"
    PULL_REQUEST = "pull-request"
    MERGE_GROUP = "merge-group"
    OTHER = "other"


class RunContext(Struct, frozen=True):
    """What the CI system says about the run. `base` is the commit or branch that the change is
    compared with, empty when there is none; `problem` names what was expected and missing.

    `pull_request` is its number, 0 when there is none or the CI system does not tell; `fork` says
    that it comes from another repository, whose runs may write nothing. `run` is the number of the
    run and of its attempt. `blob` is the address under which the forge shows files of the head.
    `title` is the pull request's. `branch` is the branch that the change goes to: the one that was
    pushed, or the pull request's base; empty where the CI system names none, as for a tag.
    `default_branch` is that of the repository."""

    forge: Forge = Forge.NONE
    occasion: Occasion = Occasion.LOCAL
    base: str = ""
    head: str = ""
    problem: str = ""
    pull_request: int = 0
    fork: bool = False
    run: tuple[int, int] = (0, 0)
    blob: str = ""
    title: str = ""
    branch: str = ""
    default_branch: str = ""

    @property
    def judges_a_change(self) -> bool:
        """Whether only what the change brings blocks."""
        return self.occasion in (Occasion.PULL_REQUEST, Occasion.MERGE_GROUP)
