"""Words of engines: severities, names of policies, messages."""

from __future__ import annotations

from pathlib import Path

from gitops_ci.model.regex import regex
from gitops_ci.model.severity import Severity

_SEVERITIES = {
    Severity.ERROR: ("error", "critical", "high", "fail", "failure", "deny", "fatal"),
    Severity.WARNING: ("warning", "warn", "medium", "moderate"),
    Severity.NOTE: ("note", "info", "informational", "low", "none", "dryrun", "notice"),
}
_BY_WORD = {word: severity for severity, words in _SEVERITIES.items() for word in words}
_FOREIGN = regex(r"[^A-Za-z0-9_.-]+")
_LONGEST_NAME, _LONGEST_MESSAGE = 120, 1000


def severity_of(word: object) -> Severity | None:
    """The severity that an engine's word stands for, if any."""
    return _BY_WORD.get(word.strip().lower()) if isinstance(word, str) else None


def policy_name(text: str) -> str:
    """A name of a policy as a part of a rule id."""
    return _FOREIGN.sub("-", text).strip("-.")[:_LONGEST_NAME] or "unnamed"


def said(text: object, home: Path) -> str:
    """What an engine says, on one line, without the folder in which it ran."""
    words = " ".join(str(text).replace(f"{home}/", "").split())
    return words if len(words) <= _LONGEST_MESSAGE else f"{words[: _LONGEST_MESSAGE - 1]}…"
