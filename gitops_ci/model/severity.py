"""How much a finding weighs."""

from __future__ import annotations

from enum import IntEnum


class Severity(IntEnum):
    """Ordered: a larger value weighs more."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """The spelling that config files and reports use."""
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> Severity:
        """The severity spelled `word`; raises KeyError for any other word."""
        return cls[word.upper()]
