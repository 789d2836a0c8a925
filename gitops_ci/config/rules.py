"""What can be wrong with the configuration."""

from __future__ import annotations

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity


def _rule(name: str, summary: str, rationale: str = "") -> Rule:
    return Rule(f"config/{name}", summary, Severity.ERROR, rationale)


UNREADABLE = _rule("unreadable", "A configuration file does not exist or cannot be read")
SEVERAL_DOCUMENTS = _rule("several-documents", "A configuration file holds more than one document")
UNKNOWN_KEY = _rule(
    "unknown-key",
    "A key that the configuration does not know",
    "An ignored key is a setting that somebody believes to be in force.",
)
WRONG_TYPE = _rule("wrong-type", "A value of the wrong type")
BAD_VALUE = _rule("bad-value", "A value that is not one of the allowed ones")
MISSING_KEY = _rule("missing-key", "A key that has to be there is missing")
BAD_DURATION = _rule("bad-duration", "A text that is no duration")
BAD_PATTERN = _rule("bad-pattern", "A glob, layout or template that means nothing")
BAD_WINDOW = _rule("bad-window", "A text that is no time window")
UNKNOWN_ENVIRONMENT = _rule("unknown-environment", "A name that no environment has")
UNKNOWN_CLUSTER = _rule("unknown-cluster", "A name that no cluster has")
UNKNOWN_RULE = _rule("unknown-rule", "A rule id that does not exist")
ENVIRONMENT_CYCLE = _rule(
    "environment-cycle",
    "Environments take their versions from each other in a circle",
    "No version could ever enter such a circle.",
)
DUPLICATE_NAME = _rule("duplicate-name", "Two entries with the same name")
EXTENDS_CYCLE = _rule("extends-cycle", "A configuration file extends itself")
EXTENDS_OUTSIDE = _rule(
    "extends-outside",
    "`extends` names something that is not a file of the repository",
    "The configuration is read from one revision of one repository, so that nobody else can "
    "change what blocks a merge.",
)

RULES = (
    UNREADABLE,
    SEVERAL_DOCUMENTS,
    UNKNOWN_KEY,
    WRONG_TYPE,
    BAD_VALUE,
    MISSING_KEY,
    BAD_DURATION,
    BAD_PATTERN,
    BAD_WINDOW,
    UNKNOWN_ENVIRONMENT,
    UNKNOWN_CLUSTER,
    UNKNOWN_RULE,
    ENVIRONMENT_CYCLE,
    DUPLICATE_NAME,
    EXTENDS_CYCLE,
    EXTENDS_OUTSIDE,
)
