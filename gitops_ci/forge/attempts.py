"""Work that is done anew, from reading on, whenever somebody else was faster."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeVar

from gitops_ci.forge.port import Forge
from gitops_ci.model.change import Change, Proposal
from gitops_ci.model.errors import ConflictError
from gitops_ci.model.forge_errors import NotFoundError

MOST_TRIES = 5
_FIRST_PAUSE = 0.5

Pause = Callable[[float], None]
"""Waits for some seconds."""

Make = Callable[[str], Change | None]
"""The change that the commit at the tip of the base needs; None when it needs none."""

T = TypeVar("T")


def until_it_stands(work: Callable[[], T], pause: Pause, chance: random.Random | None = None) -> T:
    """What `work` gives. It reads, computes and proposes; after a ConflictError it is called
    again, MOST_TRIES times in all, with pauses that grow and vary. Raises ConflictError when
    others were always faster."""
    lots = chance or random.Random()  # noqa: S311 - spreads runs in time, protects nothing
    for attempt in range(1, MOST_TRIES + 1):
        try:
            return work()
        except ConflictError:
            if attempt == MOST_TRIES:
                raise
            pause(_FIRST_PAUSE * 2 ** (attempt - 1) * (0.5 + lots.random()))
    raise AssertionError("unreachable")


def propose_until_it_stands(forge: Forge, base: str, make: Make, pause: Pause) -> Proposal | None:
    """Propose what `make` gives for the tip of the branch `base`, until it stands. None when
    there is nothing to propose. Raises ConflictError, and NotFoundError without such a base."""

    def work() -> Proposal | None:
        tip = forge.tip(base)
        if not tip:
            raise NotFoundError(f"the forge has no branch {base}", status=404)
        change = make(tip)
        return forge.propose(change) if change is not None else None

    return until_it_stands(work, pause)
