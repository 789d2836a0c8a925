"""What a gate finds."""

from __future__ import annotations

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity

CLOSED = Rule(
    "gate/closed",
    "A gate of an environment that the change touches is closed",
    Severity.ERROR,
    "The configuration asks for time, evidence or people before something goes in there.",
)
UNREADABLE = Rule(
    "gate/unreadable",
    "What a gate asks for cannot be read",
    Severity.ERROR,
    "A team, check, registry or history that nobody could read keeps the gate closed.",
)

RULES = (CLOSED, UNREADABLE)
