"""Texts that say of themselves that the secret comes later, or that they are only an example."""

from __future__ import annotations

import re

from gitops_ci.model.regex import regex
from gitops_ci.secrets.vocabulary import words

_LONGEST = 200
_FIRST_WORDS = (
    "change|replace|update|fill|insert|enter|put|add|set|use|provide|specify|paste|generate|override|"
    "edit|rotate|needs|your|my|our|the|some|any|an?|this|foo|bar|super|not|no|pre-set|initial"
)
_INSTRUCTION = regex(rf"(?:{_FIRST_WORDS})[-_ .][a-z][a-z_ .-]*\d{{0,3}}\W{{0,3}}\Z", re.IGNORECASE)
_SAYS_SO = regex(
    r"change[-_ ]?(?:me|this|it|in|now|before|asap|please)|chang(?:ed)?e?it|place[-_ ]?holder|"
    r"replace[-_ ]?(?:me|this|with|by|d)|to[-_ ]?be[-_ ]?\w+ed|fill[-_ ]?(?:me|in)|redacted|dummy|"
    r"^example|\bexample\b|example(?:key)?$|\bsample\b|\btodo\b|\btbd\b|\bfixme\b|\byour[-_ ]|"
    r"\bfake|do[-_ ]not|\binvalid\b|\bunset\b|\bignored?\b|\bunused\b|goes[-_ ]here|[-_ ]here$|"
    r"\bmanaged[-_ ]by|\bstored[-_ ]in|\binjected\b|[-_ ]only$|notreal|not[-_]a[-_]|insecure",
    re.IGNORECASE,
)
_FILLED = regex(r"(.)\1{2,}\W*\Z|[xX]{3,}|\*{3,}|\.{3,}|-{3,}(?!BEGIN)|_{3,}|#{3,}|0{6,}|…")
_RUN = regex(r"(.)\1{7,}")
_FILLED_END = regex(r"(?:[xX]{4,}|\*{3,}|\.{3,}|…)\W*\Z")
_MARKED = regex(
    r"<[^<>\n]{1,80}>\Z|\[[A-Za-z][\w -]*\]\Z|\{[A-Za-z][\w -]*\}\Z|%[\w-]+%\Z|__\w+__\Z|\*+\Z"
)
_CONSTANT = regex(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\Z")
_WORDED = regex(r"[a-z]+(?:[-_ .][a-z]+)*\d{0,2}\Z")
_NAMED = regex(r"password|passwd|passphrase|secret|token|credential|api[-_]?key")
_WORDS = words("placeholders")


def is_placeholder(value: str) -> bool:
    """Whether a value, stripped of quotes, is a placeholder."""
    if len(value) > _LONGEST:
        return False
    lower = value.lower()
    if lower in _WORDS or _MARKED.match(value) or _CONSTANT.match(value):
        return True
    if _WORDED.match(lower) and _NAMED.search(lower):
        return True
    if _INSTRUCTION.match(value) or _SAYS_SO.search(value):
        return True
    run = _RUN.search(value)
    if run is not None and 2 * len(run.group()) >= len(value):
        return True  # some tokens begin with a shorter run of one letter
    return bool(_FILLED.match(value) or _FILLED_END.search(value))
