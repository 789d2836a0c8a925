"""Whether a value under a name is a secret, and how much that weighs."""

from __future__ import annotations

import re
from enum import Enum

from gitops_ci.model.regex import regex
from gitops_ci.model.severity import Severity
from gitops_ci.secrets.classify import Kind, classify
from gitops_ci.secrets.names import Naming, naming
from gitops_ci.secrets.strength import entropy, is_uuid, looks_made_up, looks_random

_IDENTIFIER = regex(r"[A-Za-z_][\w]*(?:[.-]\w+)*\Z")
_SENTENCE = 2
_MIXED_BITS = 3.0


class Care(Enum):
    """How sure it has to be, by what kind of text the value stands in."""

    DATA = 0
    """Configuration: values are meant as they stand."""
    CODE = 1
    """A program: most names are given expressions, labels and defaults."""
    PROSE = 2
    """Documentation: nearly everything is an example."""


def credential(name: str, value: str, care: Care = Care.DATA) -> Severity | None:
    """The weight of `value` as a credential by the name `name`; None when it is none."""
    surely = naming(name)
    if surely is Naming.NONE:
        return None
    return named(surely, value, care)


def named(surely: Naming, value: str, care: Care = Care.DATA) -> Severity | None:
    """The same for a name that is judged already."""
    text = value.strip()
    random = looks_random(text)
    if care is not Care.DATA and not random and not (care is Care.CODE and looks_made_up(text)):
        return None  # before the costlier question below
    if "\n" in text or classify(text) is not Kind.SECRET:
        return None
    if care is Care.PROSE:
        return Severity.WARNING if random and not is_uuid(text) else None
    if surely is Naming.PASSWORD and care is Care.DATA:
        if text.count(" ") > _SENTENCE:
            return None
        return Severity.ERROR if random or looks_made_up(text) else Severity.WARNING
    if random:
        return Severity.ERROR if care is Care.DATA and not is_uuid(text) else Severity.WARNING
    return Severity.WARNING if _made_by_hand(text, surely) else None


def _made_by_hand(text: str, surely: Naming) -> bool:
    """Whether it is rather a password than an identifier."""
    if not looks_made_up(text) or is_uuid(text):
        return False
    if surely is Naming.PASSWORD:
        return True
    if not _IDENTIFIER.match(text):
        return True
    return "-" not in text and len(text) >= 10 and _mixed(text) and entropy(text) > _MIXED_BITS


def _mixed(text: str) -> bool:
    """Whether digits stand between letters, as in no version or numbered name."""
    return len(re.findall(r"[A-Za-z]\d+(?=[A-Za-z])", text)) >= 2
