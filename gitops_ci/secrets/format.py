"""What a provider's credential looks like, as its documentation says."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from msgspec import Struct

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity


class Validity(Enum):
    """What the text of a credential alone says about it, without asking anybody."""

    VALID = "valid"
    """A checksum or a signature of the format is right: no chance hit."""
    UNKNOWN = "unknown"
    """The format carries nothing that could be checked."""
    EXPIRED = "expired"
    """It was valid; it still has to be removed, but weighs less."""
    INVALID = "invalid"
    """It cannot be a credential of this format; nothing is reported."""


Validate = Callable[[str], Validity]
"""Judges the text of the secret group. Pure; never raises."""


class Format(Struct, frozen=True):
    """One kind of credential.

    `id` is the second half of the rule id (`github-token` for `secret/github-token`), lower case
    with hyphens; `name` is how people call it ("GitHub personal access token").

    `keywords` are lower-case texts without spaces; at least one of them is part of every text that
    `pattern` matches, when case is ignored, so that texts without any are never matched against it.
    The longer and rarer, the faster. `pattern` is written for RE2 (no look-around, no
    back-references, no possessive or atomic groups) and stays inside one line; `\\b` and bounded
    repetition are fine. `group` is the group that holds the secret itself; 0 is the whole match.

    A format whose value has no prefix of its own matches it together with the name in front:
    `(?i)datadog_?api_?key["']?\\s*[:=]\\s*["']?([0-9a-f]{32})\\b`. Key and value that stand apart
    in YAML (`name:`/`value:`, data of a Secret) are handed over as one line `KEY=VALUE`, so
    the separator of such a pattern has to allow a bare `=`.

    `severity` is an error where the credential opens something; what is public by design has no
    format. `bad` are texts in which it is found, `good` texts that look similar and hold none; at
    least two of each. All of them are invented.
    """

    id: str
    name: str
    keywords: tuple[str, ...]
    pattern: str
    url: str
    bad: tuple[str, ...]
    good: tuple[str, ...]
    group: int = 0
    validate: Validate | None = None
    severity: Severity = Severity.ERROR

    @property
    def rule(self) -> Rule:
        """The rule under which it is reported."""
        return Rule(
            f"secret/{self.id}",
            f"{self.name} in plain text",
            self.severity,
            "Whoever can read the repository, or any copy of it, can use it. Revoke it at its "
            "provider first: removing the line does not remove it from the history.",
            self.url,
        )
