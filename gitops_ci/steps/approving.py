"""Suppressions that a change adds count once somebody who may say so approved that very head."""

from __future__ import annotations

from msgspec.structs import replace

from gitops_ci.findings.engine import Inputs as Judging
from gitops_ci.steps.world import World


def with_approved(judging: Judging, world: World) -> Judging:
    """The judging with the change's own suppressions counted, if one of `exceptions.approvers`
    approved the head that is judged. Without anybody to ask they never count."""
    approvers, head = judging.config.exceptions.approvers, world.context.head
    if not judging.unapproved or not approvers or not head:
        return judging
    if not world.approvals.by_any(approvers, head):
        return judging
    return replace(
        judging, suppressions=(*judging.suppressions, *judging.unapproved), unapproved=()
    )
