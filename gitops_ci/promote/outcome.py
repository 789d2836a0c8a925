"""What planning finds out about the slots of places, while it goes on."""

from __future__ import annotations

from msgspec import Struct, field

from gitops_ci.promote.moves import Move, Refusal
from gitops_ci.promote.plan import Left
from gitops_ci.promote.slots import Place, Slot


class Outcome(Struct):
    """What happens to the slots of some places."""

    moves: list[Move] = field(default_factory=list)
    done: list[tuple[Place, Slot]] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Take the other one's as well."""
        self.moves += other.moves
        self.done += other.done
        self.left += other.left
        self.refused += other.refused
