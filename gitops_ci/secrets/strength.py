"""How much a text looks as if a generator made it, rather than a person who names things."""

from __future__ import annotations

import math
from collections import Counter

from gitops_ci.model.regex import regex

_HEX = regex(r"(?:[0-9a-f]{24,}|[0-9A-F]{24,})\Z")
_UUID = regex(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_SEPARATED = regex(r"[^A-Za-z0-9]+")
_WORDY = regex(r"(?:[A-Z]?[a-z]+|[A-Z]+)\d{0,4}\Z|v?\d+[a-z]?\Z")
_LETTERS = regex(r"[A-Za-z]+\d{0,4}\Z")
_CAMEL_WORD = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_VOWELS = frozenset("aeiouyAEIOUY")
_LONGEST = 4096
_SHORT_WORD = 3.0
HIGH_BITS = 64
"""From here on a value cannot be guessed, so that a slow salted hash of it gives nothing away."""


def entropy(text: str) -> float:
    """Shannon's entropy of the characters, in bits for each."""
    size = len(text)
    return -sum(n / size * math.log2(n / size) for n in Counter(text).values()) if size else 0.0


def bits(text: str) -> float:
    """A low estimate of how many bits it takes to guess the text: what is made of words counts by
    its words, the rest by its entropy."""
    part = text[:_LONGEST]
    if looks_random(part):
        return entropy(part) * len(part)
    return 8.0 * len(_CAMEL_WORD.findall(part)) + 3.0 * sum(c.isdigit() for c in part)


def is_uuid(text: str) -> bool:
    """Whether it is a UUID, which is more often a name than a secret."""
    return bool(_UUID.match(text))


def looks_random(text: str) -> bool:
    """Whether most of the text is no word, number or compound of words."""
    part = text[:_LONGEST]
    if len(part) < 12:
        return False
    if _HEX.match(part):
        return len(set(part)) >= 8
    odd = sum(len(segment) for segment in _SEPARATED.split(part) if not _is_wordy(segment))
    return odd >= 8 and odd * 2 >= len(part) and entropy(part) >= 3.0


def looks_made_up(text: str) -> bool:
    """Whether the text is one that people think out for a password: at least 7 characters of three
    kinds, or letters mixed with digits and signs."""
    if len(text) < 7 or any(char.isspace() for char in text):
        return False
    kinds = (str.islower, str.isupper, str.isdigit, lambda char: not char.isalnum())
    return sum(any(kind(char) for char in text) for kind in kinds) >= 3


def _is_wordy(segment: str) -> bool:
    if not segment:
        return True
    if _WORDY.match(segment):
        return len(segment) < 8 or _spoken(segment)
    if _LETTERS.match(segment):
        words = _CAMEL_WORD.findall(segment)
        return len(segment) / len(words) > _SHORT_WORD and _spoken(segment)
    return False


def _spoken(segment: str) -> bool:
    """Whether the letters have about as many vowels as words do."""
    letters = [char for char in segment if char.isalpha()]
    if len(letters) < 12:
        return True
    return 0.2 <= sum(char in _VOWELS for char in letters) / len(letters) <= 0.65
