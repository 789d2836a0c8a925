"""What can be wrong with the way versions move."""

from __future__ import annotations

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity

TWO_WRITERS = Rule(
    "promote/two-writers",
    "Another bot writes the version at a place that gitops-ci writes as well",
    Severity.WARNING,
    "Two writers undo each other's changes: a rollback comes back, a promotion is overwritten."
    " Take the marker away, or leave the place out with `promote.never`.",
)
REFUSED = Rule(
    "promote/refused",
    "A version cannot be written safely",
    Severity.ERROR,
    "A place that cannot be changed without changing something else needs a person.",
)
LOOP = Rule(
    "promote/loop",
    "The same change was made and taken back within a day",
    Severity.ERROR,
    "Two writers that disagree would go on for ever; somebody has to decide.",
)
DOWNGRADE = Rule(
    "promote/downgrade",
    "A version goes down",
    Severity.WARNING,
    "An older version is rarely wanted, and it is not what data of the newer one was made for.",
)

RULES = (TWO_WRITERS, REFUSED, LOOP, DOWNGRADE)
