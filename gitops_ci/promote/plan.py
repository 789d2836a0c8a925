"""What a promotion comes to: the moves, and for everything else why it stays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from gitops_ci.model.change import FileEdit
from gitops_ci.promote.history import Standing
from gitops_ci.promote.moves import Move, Refusal
from gitops_ci.promote.slots import Place, Slot


class Answer(Enum):
    """What a gate says."""

    OPEN = "open"
    WAITING = "waiting"
    """Closed, and time alone opens it."""
    CLOSED = "closed"
    UNKNOWN = "unknown"
    """It could not be asked: it counts as closed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One gate's answer about one candidate. `until` is when a waiting gate opens, as far as it is
    known; `text` says it for people."""

    gate: str
    answer: Answer
    text: str
    until: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether the gate lets the candidate pass."""
        return self.answer is Answer.OPEN


@dataclass(frozen=True, slots=True)
class Candidate:
    """What an app could move to: a state that stood in `source`, with the gates' verdicts."""

    source: str
    standing: Standing
    verdicts: tuple[Verdict, ...] = ()

    @property
    def eligible(self) -> bool:
        """Whether every gate is open."""
        return all(verdict.open for verdict in self.verdicts)


@dataclass(frozen=True, slots=True)
class Left:
    """A place or slot that stays as it is, and why. `ahead` says that the target is newer than its
    source; `hint` is the command that would bring the difference back."""

    place: Place
    slot: Slot | None
    reason: str
    ahead: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The candidate that the app of `place` moves to, or waits for (then nothing moves). `passed`
    are newer ones that were passed over, with their verdicts."""

    place: Place
    candidate: Candidate | None
    passed: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
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
