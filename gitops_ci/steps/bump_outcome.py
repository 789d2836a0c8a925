"""Everything that a bump says at its end, before anybody formats it."""

from __future__ import annotations

from msgspec import Struct

from gitops_ci.model.change import Proposal
from gitops_ci.promote.bump.plan import Plan


class Outcome(Struct, frozen=True):
    """The plan with its unified `diff`. `written` says that the work tree has it; `proposals` are
    what the forge made of it, `bodies` (branch, Markdown) their texts."""

    plan: Plan
    diff: bytes
    written: bool = False
    proposals: tuple[Proposal, ...] = ()
    bodies: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    def joined(self, other: Outcome) -> Outcome:
        """Both outcomes as one, as when they belong to different base branches."""
        mine, its = self.plan, other.plan
        plan = Plan(
            moves=(*mine.moves, *its.moves),
            done=(*mine.done, *its.done),
            left=(*mine.left, *its.left),
            refused=(*mine.refused, *its.refused),
            edits=(*mine.edits, *its.edits),
            findings=(*mine.findings, *its.findings),
        )
        return Outcome(
            plan,
            self.diff + other.diff,
            self.written or other.written,
            (*self.proposals, *other.proposals),
            (*self.bodies, *other.bodies),
            tuple(dict.fromkeys((*self.notes, *other.notes))),
        )
