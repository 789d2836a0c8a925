"""Findings about a change that moves the gate itself."""

from __future__ import annotations

from gitops_ci.config.model import Config
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.span import Location
from gitops_ci.operate.guarded import guarded_among
from gitops_ci.operate.rules import SELF_CHANGE
from gitops_ci.steps.comparison import Comparison
from gitops_ci.steps.world import World

_HINT = "let its owners review it: this change is judged by the files of its base"


def self_changes(compared: Comparison | None, config: Config, world: World) -> tuple[Finding, ...]:
    """One finding for each file that steers the gate and that the pull request changes."""
    if compared is None or not world.context.judges_a_change:
        return ()
    return tuple(
        found(
            SELF_CHANGE,
            f"the change moves the gate: {path} decides what is checked",
            Location(path),
            hint=_HINT,
        )
        for path in guarded_among(compared.changed, config)
    )
