"""What a step needs of a forge."""

from __future__ import annotations

from typing import Protocol

from gitops_ci.model.change import Change, Proposal


class Forge(Protocol):
    """Takes changes and makes proposals of them.

    Every call may be repeated: the same change on the same base gives the same proposal, and the
    second time `unchanged`.
    """

    name: str
    """How messages call it."""

    def standing(self, branch: str) -> str:
        """The commit that an open proposal of our own on `branch` stands at; empty when there is
        none, or when people have changed the branch."""
        ...

    def propose(self, change: Change) -> Proposal:
        """Put `change` on its branch and propose it to its base. Raises ConflictError when
        somebody else keeps changing the branch, EndpointError when the forge does not answer as
        needed, and StaleEditError when the edits do not fit the change's revision."""
        ...
