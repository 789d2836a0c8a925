"""The entries of a Secret, which are meant to be secret: each is one unless it shows that it is
not."""

from __future__ import annotations

from typing import Any

from gitops_ci.model.regex import regex
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route
from gitops_ci.secrets.addresses import logins
from gitops_ci.secrets.classify import Kind, classify
from gitops_ci.secrets.decode import from_base64, layers
from gitops_ci.secrets.judge import Care
from gitops_ci.secrets.names import Naming, naming, words_of
from gitops_ci.secrets.strength import looks_made_up, looks_random
from gitops_ci.secrets.trail import Trail
from gitops_ci.secrets.vocabulary import words
from gitops_ci.secrets.walking import logins_in_text, private_key, text_value

_NEUTRAL = words("neutral")
"""The last word of a key in a Secret whose value only goes along with the secret."""
_SETTINGS = frozenset("=:")
_PIN = "pin"
_SHORTEST_PIN = 4
_SETTING = regex(r"[A-Za-z][\w.-]{1,80}[ \t]?[=:][ \t]?[^\s=:/][^=]*\Z")


def secret_entry(key: str, value: Any, route: Route, trail: Trail, *, encoded: bool) -> None:
    """Look at one entry; `encoded` values stand there as base64."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or trail.is_full:
        return
    text = from_base64(value) if encoded else value
    if text is None:  # not text, or not encoded by somebody who forgot it
        if classify(value) is Kind.SECRET and looks_random(value):
            trail.add(route, value, Severity.ERROR)
            return
        text = value
    if key == ".dockercfg":
        logins_in_text(text, route, trail)
    else:
        _text(key, text, value, route, trail)


def _text(key: str, text: str, written: str, route: Route, trail: Trail) -> None:
    texts = [text, *layers(text)]
    blob = next((inner for inner in texts if _is_blob(inner)), None)
    if blob is not None:
        _blob(blob, route, trail)
        return
    if len(texts) > 1 and classify(texts[-1]) is not Kind.SECRET:
        return  # a reference or placeholder that was encoded twice
    severity = weight(key, text)
    if severity is not None:
        trail.add(route, text.strip(), severity, written=written.strip())
    elif "://" in text and "=" in text:
        text_value(text, route, trail)  # an address with a password among its parameters


def weight(key: str, value: str) -> Severity | None:
    """How much a single value in a Secret weighs; None when it is none."""
    text = value.strip()
    kind, surely = classify(text), naming(key)
    by_digits = surely is Naming.PASSWORD or words_of(key)[-1:] == [_PIN]
    if kind is Kind.PLAIN and by_digits and text.isdigit() and len(text) >= _SHORTEST_PIN:
        return Severity.ERROR
    if any(True for _ in logins(text, Care.DATA)):
        return Severity.ERROR
    if kind is not Kind.SECRET:
        return None
    if surely is not Naming.NONE:
        return Severity.ERROR
    if is_neutral(key) and not looks_random(text):
        return None
    return Severity.ERROR if looks_random(text) or looks_made_up(text) else Severity.WARNING


def is_neutral(key: str) -> bool:
    """Whether the key is that of something which only goes along with a secret."""
    parts = words_of(key.replace(".", "_"))
    while parts and parts[-1].isdigit():
        parts.pop()
    return bool(parts) and parts[-1] in _NEUTRAL


def _is_blob(text: str) -> bool:
    stripped = text.strip()
    if "\n" in stripped or stripped[:1] in ("{", "[", "<"):
        return True
    return bool(_SETTING.match(stripped)) and not looks_random(stripped)


def _blob(text: str, route: Route, trail: Trail) -> None:
    """A file inside a Secret: the secrets in it count, other settings do not."""
    before = len(trail.hits)
    if text.lstrip()[:1] != "{" and private_key(text, route, trail):
        return
    if classify(text) in (Kind.PUBLIC, Kind.CIPHERTEXT, Kind.HASH, Kind.REFERENCE):
        return
    text_value(text, route, trail)
    if len(trail.hits) > before:
        return
    for line in text.splitlines():
        stripped = line.strip()
        if any(True for _ in logins(stripped, Care.DATA)):
            trail.add(route, stripped, Severity.ERROR)
            return
        is_token = " " not in stripped and _SETTINGS.isdisjoint(stripped.rstrip("="))
        if is_token and looks_random(stripped) and classify(stripped) is Kind.SECRET:
            trail.add(route, stripped, Severity.ERROR)
            return
