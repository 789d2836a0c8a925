"""What can be wrong with the way the gate stands."""

from __future__ import annotations

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity

SELF_CHANGE = Rule(
    "gate/self-change",
    "A change moves the gate itself",
    Severity.WARNING,
    "The configuration, exceptions, policies, CI files and their owners decide what is checked. The"
    " change is judged by those of its base; whoever merges it should own these files.",
)

COMMIT_MESSAGE = Rule(
    "gate/commit-message",
    "A commit or a title is not written as the configuration asks",
    Severity.ERROR,
    "`commits: conventional` promises that release notes and reviews can rely on the type of each"
    " commit.",
    "https://www.conventionalcommits.org/en/v1.0.0/",
)

RULES = (SELF_CHANGE, COMMIT_MESSAGE)
