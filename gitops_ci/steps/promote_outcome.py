"""Everything that a promotion says at its end, before anybody formats it."""

from __future__ import annotations

from msgspec import Struct

from gitops_ci.model.change import Proposal
from gitops_ci.promote.plan import Plan


class Outcome(Struct, frozen=True):
    """The plan with its unified `diff`. `written` says that the work tree has it; `proposals` are
    what the forge made of it, `bodies` (branch, Markdown) their texts."""

    plan: Plan
    diff: bytes = b""
    written: bool = False
    proposals: tuple[Proposal, ...] = ()
    bodies: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
