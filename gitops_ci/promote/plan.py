"""What a promotion comes to: the moves, and for everything else why it stays."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.model.change import FileEdit
from gitops_ci.promote.epochs import Epoch
from gitops_ci.promote.gates.bans import FREEZE, HOLD
from gitops_ci.promote.gates.verdict import Verdict
from gitops_ci.promote.moves import Move, Refusal
from gitops_ci.promote.slots import Place, Slot


class Candidate(Struct, frozen=True):
    """What apps could move to: states that stood together in `source`, with the gates' verdicts.
    `retracted` says that somebody went back from it there."""

    source: str
    epoch: Epoch
    verdicts: tuple[Verdict, ...] = ()
    retracted: bool = False

    @property
    def eligible(self) -> bool:
        """Whether every gate is open."""
        return not self.retracted and all(verdict.is_open for verdict in self.verdicts)

    @property
    def banned(self) -> bool:
        """Whether people keep it out, by a freeze or a hold."""
        return any(v.gate in (FREEZE, HOLD) and not v.is_open for v in self.verdicts)


class Left(Struct, frozen=True):
    """A place or slot that stays as it is, and why. `ahead` says that the target is newer than its
    source; `hint` is the command that would bring the difference back."""

    place: Place
    slot: Slot | None
    reason: str
    ahead: bool = False
    hint: str = ""


class Chosen(Struct, frozen=True):
    """The candidate that `apps` move to in `target`; None when nothing newer may move yet. `passed`
    are newer ones that were passed over, the newest first, with their verdicts."""

    target: str
    apps: tuple[str, ...]
    candidate: Candidate | None
    passed: tuple[Candidate, ...] = ()


class Plan(Struct, frozen=True):
    """The outcome of planning. Places with a refusal have no moves; `done` counts the slots that
    hold what they should already; `edits` make exactly `moves`."""

    moves: tuple[Move, ...] = ()
    done: tuple[tuple[Place, Slot], ...] = ()
    left: tuple[Left, ...] = ()
    refused: tuple[Refusal, ...] = ()
    chosen: tuple[Chosen, ...] = ()
    edits: tuple[FileEdit, ...] = ()

    def joined(self, other: Plan) -> Plan:
        """Both plans as one."""
        return replace(
            self,
            moves=(*self.moves, *other.moves),
            done=(*self.done, *other.done),
            left=(*self.left, *other.left),
            refused=(*self.refused, *other.refused),
            chosen=(*self.chosen, *other.chosen),
            edits=(*self.edits, *other.edits),
        )
