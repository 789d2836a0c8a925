"""Passwords in addresses: `postgres://user:password@host/db` (RFC 3986, section 3.2.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from msgspec import Struct

from gitops_ci.model.regex import regex
from gitops_ci.model.severity import Severity
from gitops_ci.secrets.classify import Kind, classify
from gitops_ci.secrets.judge import Care
from gitops_ci.secrets.strength import looks_made_up, looks_random

WORD = "://"
_PASSWORD = regex(
    r"(?<![\w+.-])(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{1,30})://(?P<user>[^\s:/@\"'<>\\`]{0,200}):"
    r"(?P<value>[^\s/@\"'<>\\`]{1,400})@(?P<host>[^\s/\"'<>\\`?#]{1,253})"
)
_TOKEN = regex(
    r"(?<![\w+.-])(?P<scheme>https?|git|ssh)://(?P<value>[\w-]{20,200})@(?P<host>[\w.-]{1,253})"
)
_PUBLIC_TOKENS = regex(r"sentry|ingest|glitchtip|bugsnag")
"""Services whose address carries a key that is public by design."""
_EXAMPLE_USERS = frozenset({"user", "username", "usr", "name", "login"})
_EXAMPLE_PASSWORDS = frozenset({"pass", "password", "passwd", "pw", "pwd", "secret", "pswd"})
_EXAMPLE_HOST = regex(r"(?:^|\.)example\.(?:com|org|net)$|\.example$|^host(?:name)?\b")


class Login(Struct, frozen=True):
    """A password or token in an address, its place in the text, and how much it weighs."""

    value: str
    host: str
    start: int
    end: int
    severity: Severity


def logins(text: str, care: Care) -> Iterator[Login]:
    """The passwords in the addresses of a line."""
    for match in _PASSWORD.finditer(text):
        weight = _weight(match, care)
        if weight is not None:
            yield Login(match["value"], match["host"], *match.span("value"), weight)
    for match in _TOKEN.finditer(text):
        value, host = match["value"], match["host"]
        known = _PUBLIC_TOKENS.search(host) or not looks_random(value)
        if not known and classify(value) is Kind.SECRET:
            yield Login(value, host, *match.span("value"), Severity.ERROR)


def _weight(match: re.Match[str], care: Care) -> Severity | None:
    value, user = unquote(match["value"]), match["user"].lower()
    if classify(value) is not Kind.SECRET or value.startswith(("$", "{", "%", "[")):
        return None
    if value.lower() in _EXAMPLE_PASSWORDS and user in _EXAMPLE_USERS:
        return None
    if _EXAMPLE_HOST.search(match["host"].partition(":")[0]) and not looks_random(value):
        return None
    if looks_random(value) or looks_made_up(value):
        return Severity.ERROR if care is Care.DATA else Severity.WARNING
    return Severity.WARNING if care is Care.DATA else None
