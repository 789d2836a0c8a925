"""What a bump comes to: the moves, what is left alone, what is refused, and the edits."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.model.edit import Edit
from gitops_ci.model.finding import Finding
from gitops_ci.model.image import Pin, Version
from gitops_ci.model.span import Location
from gitops_ci.promote.bump.request import Target
from gitops_ci.repo.sites.model import Site


class Move(Struct, frozen=True):
    """One site that goes to another version. `older` says that it goes down. `entry` is set for a
    place that exists only once the move is made: the name in the `images:` entry to be added.
    `pin` is how the version is written."""

    site: Site
    target: Target
    to: Version
    location: Location
    older: bool = False
    entry: str = ""
    pin: Pin = Pin.KEEP

    @property
    def environment(self) -> str:
        """Where it happens."""
        return self.site.environment

    @property
    def app(self) -> str:
        """Whose site it is."""
        return self.site.app

    @property
    def name(self) -> str:
        """What goes to another version; a site without a name of its own is about the target."""
        return self.site.name or self.target.name

    @property
    def before(self) -> str:
        """The old version."""
        return str(self.site.version)

    @property
    def after(self) -> str:
        """The new version."""
        return str(self.to)


class LeftAlone(Struct, frozen=True):
    """A site of the wanted thing that does not change, and why. One that `blocks` is what the user
    asked for and cannot have: a bump that meets nothing else is refused. `line` counts from 1; 0
    is not looked up yet."""

    site: Site
    target: Target
    reason: str
    blocks: bool = False
    line: int = 0


class Refusal(Struct, frozen=True):
    """A site that was to change and cannot safely; a bump with one of these changes nothing. `hint`
    says what helps, `line` counts from 1."""

    site: Site
    target: Target
    reason: str
    hint: str = ""
    line: int = 1


class Plan(Struct, frozen=True):
    """The outcome of planning. `done` are sites that hold the wanted version already; `findings`
    say what is wrong or doubtful about it."""

    moves: tuple[Move, ...] = ()
    done: tuple[Site, ...] = ()
    left: tuple[LeftAlone, ...] = ()
    refused: tuple[Refusal, ...] = ()
    edits: tuple[Edit, ...] = ()
    findings: tuple[Finding, ...] = ()

    def refusing(self, refused: tuple[Refusal, ...]) -> Plan:
        """The plan with more refusals, and therefore without edits."""
        return replace(self, refused=(*self.refused, *refused), edits=()) if refused else self
