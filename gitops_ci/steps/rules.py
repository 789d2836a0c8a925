"""What can go wrong with a run itself: the findings of exit codes 2, 3, 4, 5 and 70."""

from __future__ import annotations

from gitops_ci.model import exits
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity

USAGE = Rule(
    "config/usage",
    "The command line or its surroundings ask for something that cannot be done",
    Severity.ERROR,
    "A check that did not run as intended must not let a merge through.",
)
INCOMPLETE = Rule(
    "config/incomplete",
    "Something that the run needs could not be read",
    Severity.ERROR,
    "What was not looked at cannot be called good.",
)
ENDPOINT = Rule(
    "gate/endpoint",
    "A forge or another endpoint did not answer as needed",
    Severity.ERROR,
    "An unreadable answer is a closed gate.",
)
CONFLICT = Rule(
    "gate/conflict",
    "Somebody else changed the same thing at the same time",
    Severity.ERROR,
    "Running again starts from the new state.",
)
INTERNAL = Rule(
    "config/internal-error",
    "A bug in gitops-ci",
    Severity.ERROR,
    "The run ended before it could judge anything.",
)

BY_EXIT = {
    exits.USAGE: USAGE,
    exits.INCOMPLETE: INCOMPLETE,
    exits.ENDPOINT: ENDPOINT,
    exits.CONFLICT: CONFLICT,
    exits.BUG: INTERNAL,
}
RULES = tuple(BY_EXIT.values())
