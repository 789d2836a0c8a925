"""Names and values in lines of text, whatever the language: `password = "…"`, `--token …`,
`<secret>…</secret>`, `Authorization: Bearer …`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from gitops_ci.secrets.names import Naming, naming

_LONGEST = 2000
_QUOTED = (
    rf'"(?:[^"\\]|\\.){{0,{_LONGEST}}}"'
    rf"|'(?:[^'\\]|\\.){{0,{_LONGEST}}}'"
    rf"|`[^`]{{0,{_LONGEST}}}`"
)
_BARE = (
    rf"[^\s\"'`,;<>(){{}}\[\]|&#:=][^\s\"'`,;<>|&=]{{0,{_LONGEST}}}"
    r"(?:={1,2}(?=[\s\"'`,;<>|&)\]}]|$))?"
)
_NAME = r"[A-Za-z_][\w.\-]{0,80}"
_ASSIGNED = re.compile(
    rf"(?<![\w.$])(?<!\$\{{)(?P<name>{_NAME})[\"'\]]{{0,2}}[ \t]{{0,8}}"
    rf"(?:=>|:=|\?=|==?|:)[ \t]{{0,8}}(?P<value>{_QUOTED}|{_BARE})"
)
_FLAG = re.compile(
    rf"(?<![\w-])--?(?P<name>[A-Za-z][\w-]{{2,60}})[ \t]{{1,8}}(?P<value>{_QUOTED}|[^\s\"'`,;<>|&-]"
    rf"[^\s\"'`,;<>|&]{{0,{_LONGEST}}})"
)
_ELEMENT = re.compile(r"<(?P<name>[A-Za-z][\w.:-]{0,60})>(?P<value>[^<>\s]{1,2000})</")
_HEADER = re.compile(
    r"(?i)(?P<name>authorization|x-[\w-]{1,40}-(?:token|key))[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?"
    r"(?:bearer|basic|token)[ \t]{1,4}(?P<value>[\w.~+/=-]{8,2000})"
)
_DOCKER_ENV = re.compile(
    r"^[ \t]{0,8}(?:ENV|ARG)[ \t]{1,8}(?P<name>\w{1,80})[ \t]{1,8}(?P<value>[^\s=]\S{0,2000})$"
)
_SPACED = re.compile(
    r"(?<![^\s#])(?P<name>[A-Za-z][\w.-]{2,60})[ \t]{1,40}"
    r"[\"']?(?P<value>[^\s\"'=:]{1,200})[\"']?\s*\Z"
)
_LOGIN = re.compile(
    r"(?:curl|wget|http|https)\b[^\n]{0,400}[ \t](?:-u|--user)[ \t=]{1,4}[\"']?[\w.@-]{1,80}:"
    r"(?P<value>[^\s\"']{1,200})"
)
_LOGIN_FLAG = re.compile(
    r"\blogin\b[^\n]{0,400}?[ \t]-p[ \t]{1,4}[\"']?(?P<value>[^\s\"'-][^\s\"']{0,200})"
)
_NETRC_LINE = re.compile(
    r"\bmachine[ \t]{1,8}\S{1,200}[ \t]{1,8}login[ \t]{1,8}\S{1,200}[ \t]{1,8}password[ \t]{1,8}"
    r"(?P<value>\S{1,200})"
)
_UNSEAL = re.compile(
    r"\b(?:(?:Unseal|Recovery) Key \d{1,2}|Initial Root Token):[ \t]{1,8}"
    r"(?P<value>[\w+/=.-]{20,200})"
)
_SETTING = re.compile(
    r"<\w{1,40}[ \t]{1,8}(?:key|name)=\"(?P<name>[\w.:-]{1,80})\"[ \t]{1,8}"
    r"value=\"(?P<value>[^\"<>]{1,2000})\""
)
_SSHPASS = re.compile(r"\bsshpass[ \t]{1,4}-p[ \t]{0,4}[\"']?(?P<value>[^\s\"']{1,200})")
_REDIS = re.compile(
    r"^[ \t]{0,8}(?:requirepass|masterauth)[ \t]{1,8}[\"']?(?P<value>[^\s\"']{1,200})"
)
_USER_PASSWORD = "password"  # noqa: S105 - a name
_NAMED = (
    ("-", _FLAG),
    ("</", _ELEMENT),
    ("authorization", _HEADER),
    ("x-", _HEADER),
    ("value=", _SETTING),
)
_PASSWORDS = (
    ("-u", _LOGIN),
    ("sshpass", _SSHPASS),
    ("login", _LOGIN_FLAG),
    ("machine", _NETRC_LINE),
    (" key ", _UNSEAL),
    ("root token", _UNSEAL),
    ("requirepass", _REDIS),
    ("masterauth", _REDIS),
)
"""Patterns, each with a text that every line holds in which it finds something (lower case)."""
may_assign = re.compile(r"[:=<]|(?<![\w-])-|machine|requirepass|masterauth", re.IGNORECASE).search
"""Finds something in every line that holds an assignment of any kind but those that `words` adds;
prose goes by for the price of one search."""


class Assignment(Struct, frozen=True):
    """A name, the value given to it, where the value stands in the line, and whether in quotes."""

    name: str
    value: str
    start: int
    end: int
    quoted: bool


def assignments(line: str, *, words: bool = False) -> Iterator[Assignment]:
    """The assignments in a line, in linear time; `words` also reads the name and
    value side by side that Dockerfiles, .netrc and many .conf files have."""
    yield from _assigned(line)
    lower = line.lower()
    for sign, pattern in _NAMED:
        if sign in lower:
            for match in pattern.finditer(line):
                yield _assignment(match["name"], match)
    for sign, pattern in _PASSWORDS:
        if sign in lower:
            for match in pattern.finditer(line):
                yield _assignment(_USER_PASSWORD, match)
    for pattern in (_DOCKER_ENV, _SPACED) if words else ():
        for match in pattern.finditer(line):
            yield _assignment(match["name"], match)


def _assigned(line: str) -> Iterator[Assignment]:
    """Behind a name that says nothing the search goes on with the value: `note: TOKEN=…`."""
    position = 0
    while (match := _ASSIGNED.search(line, position)) is not None:
        yield _assignment(match["name"], match)
        nested = naming(match["name"]) is Naming.NONE and match["value"][0] not in "\"'`"
        position = match.start("value") if nested else match.end()


def _assignment(name: str, match: re.Match[str]) -> Assignment:
    value = match["value"]
    start, end = match.span("value")
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'`":
        return Assignment(name, value[1:-1], start + 1, end - 1, quoted=True)
    while (
        value and value[-1] in ")]}" and value.count(value[-1]) > value.count(_OPENING[value[-1]])
    ):
        value, end = value[:-1], end - 1
    stripped = value.rstrip("\\")
    return Assignment(name, stripped, start, end - (len(value) - len(stripped)), quoted=False)


_OPENING = {")": "(", "]": "[", "}": "{"}
