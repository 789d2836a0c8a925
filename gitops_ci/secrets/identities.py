"""Which findings are about the same secret, told from the values while they are at hand."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_ci.model.finding import Finding
from gitops_ci.secrets.prints import is_by_place
from gitops_ci.secrets.secret_text import SecretText

Identity = tuple[str, SecretText]
Known = frozenset[Identity]
Valued = tuple[Finding, SecretText]
"""A finding and the value that it is about."""


def identity(finding: Finding, value: SecretText) -> Identity:
    """What tells whether two findings are about the same secret: its value, wherever it stands. Of
    values that anybody may choose twice also what they are called."""
    if not is_by_place(finding.key):
        return ("", value)
    names = [step for step in finding.location.route if isinstance(step, str)]
    return (f"{finding.rule.id} {finding.key} {names[-1:]}", value)


def identities(valued: Iterable[Valued]) -> Known:
    """The identities of the findings."""
    return frozenset(identity(finding, value) for finding, value in valued)


def replaced(valued: Iterable[Valued], now: Known) -> list[Finding]:
    """Those of the findings that only their place identifies and whose value is not among `now`:
    what stands at the place since is another secret, though its fingerprint is the same."""
    return [
        finding
        for finding, value in valued
        if is_by_place(finding.key) and identity(finding, value) not in now
    ]
