"""A change that is computed anew whenever somebody else was faster."""

from __future__ import annotations

import random
from collections.abc import Callable

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


def propose_until_it_stands(
    forge: Forge, base: str, make: Make, pause: Pause, chance: random.Random | None = None
) -> Proposal | None:
    """Propose what `make` gives for the tip of the branch `base`, and do both again when the base
    or the proposal moved meanwhile: MOST_TRIES times, with pauses that grow and vary. None when
    there is nothing to propose. Raises ConflictError when others were always faster, NotFoundError
    when there is no such base."""
    lots = chance or random.Random()  # noqa: S311 - spreads runs in time, protects nothing
    for attempt in range(1, MOST_TRIES + 1):
        tip = forge.tip(base)
        if not tip:
            raise NotFoundError(f"the forge has no branch {base}", status=404)
        try:
            change = make(tip)
            return forge.propose(change) if change is not None else None
        except ConflictError:
            if attempt == MOST_TRIES:
                raise
            pause(_FIRST_PAUSE * 2 ** (attempt - 1) * (0.5 + lots.random()))
    raise AssertionError("unreachable")
