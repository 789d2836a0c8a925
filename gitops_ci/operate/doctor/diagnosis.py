"""One thing that was looked at, how it is, and what to do."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct


class Health(Enum):
    """How something is. UNKNOWN counts as not enforced: a gate that nobody can see may be open."""

    GOOD = "ok"
    ADVICE = "advice"
    BAD = "bad"
    UNKNOWN = "unknown"


class Diagnosis(Struct, frozen=True):
    """`topic` in a word or two, `text` what was found, `fix` the next action. `enforces` says that
    the gate can be bypassed unless this is good."""

    topic: str
    health: Health
    text: str
    fix: str = ""
    enforces: bool = False


def good(topic: str, text: str, *, enforces: bool = False) -> Diagnosis:
    """All is well."""
    return Diagnosis(topic, Health.GOOD, text, "", enforces)


def advice(topic: str, text: str, fix: str) -> Diagnosis:
    """It works, and could be better."""
    return Diagnosis(topic, Health.ADVICE, text, fix)


def bad(topic: str, text: str, fix: str, *, enforces: bool = False) -> Diagnosis:
    """It does not work, or can be gone around."""
    return Diagnosis(topic, Health.BAD, text, fix, enforces)


def unknown(topic: str, text: str, fix: str = "", *, enforces: bool = False) -> Diagnosis:
    """Nobody could see it."""
    return Diagnosis(topic, Health.UNKNOWN, text, fix, enforces)
