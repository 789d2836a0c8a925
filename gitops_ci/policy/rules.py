"""What can be wrong with policies and their engines."""

from __future__ import annotations

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity

BROKEN = Rule(
    "policy/broken",
    "A policy that its engine cannot load",
    Severity.ERROR,
    "A policy that does not compile protects nothing; nobody would notice.",
)
NO_VERDICT = Rule(
    "policy/no-verdict",
    "A policy engine failed over an object",
    Severity.ERROR,
    "What an engine could not judge must not pass as judged.",
)

FAILED_REASON = "not-evaluated"
"""The skip reason for an engine that failed."""

RULES = (BROKEN, NO_VERDICT)
