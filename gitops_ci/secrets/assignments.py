"""Names and values in lines of text, whatever the language: `password = "…"`, `--token …`,
`<secret>…</secret>`, `Authorization: Bearer …`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.model.regex import regex
from gitops_ci.secrets import unnamed
from gitops_ci.secrets.names import Naming, naming

_LONGEST = 2000
_QUOTED = (
    rf'"""[^"]{{1,{_LONGEST}}}"""'
    rf'|"(?:[^"\\]|\\.){{0,{_LONGEST}}}"'
    rf"|'(?:[^'\\]|\\.){{0,{_LONGEST}}}'"
    rf"|`[^`]{{0,{_LONGEST}}}`"
)
_BARE = (
    rf"[^\s\"'`,;<>(){{}}\[\]|&#:=][^\s\"'`,;<>|&=]{{0,{_LONGEST}}}"
    r"(?:={1,2}(?=[\s\"'`,;<>|&)\]}]|$))?"
)
_NAME = r"[A-Za-z_][\w.\-]{0,80}(?:\[\d{1,3}\][\w.\-]{0,60}){0,2}"
"""Java's properties count with `[0]`."""
_ASSIGNED = regex(
    rf"(?<![\w.$])(?<!\$\{{)(?!(?<=\w:)[\w.\-]{{1,80}}:)(?P<name>{_NAME})[\"'\]]{{0,2}}[ \t]{{0,8}}"
    rf"(?:=>|:=|\?=|==?|:)[ \t]{{0,8}}(?P<value>{_QUOTED}|{_BARE})"
)
"""Words between colons, as in `arn:aws:secretsmanager:eu-west-1:1:secret:shop`, name nothing."""
_FLAG = regex(
    rf"(?<![\w-])--?(?P<name>[A-Za-z][\w-]{{2,60}})[ \t]{{1,8}}(?P<value>{_QUOTED}|[^\s\"'`,;<>|&-]"
    rf"[^\s\"'`,;<>|&]{{0,{_LONGEST}}})"
)
_ELEMENT = regex(r"<(?P<name>[A-Za-z][\w.:-]{0,60})>(?P<value>[^<>\s]{1,2000})</")
_PROPERTY = regex(
    r"<\w{1,40}[ \t]{1,8}name=\"(?P<name>[\w.:-]{1,80})\"[^<>]{0,200}>"
    r"(?P<value>[^<>\s]{1,2000})</"
)
_DEFINED = regex(
    rf"\bdefine\([ \t]{{0,8}}[\"'](?P<name>\w{{1,80}})[\"'][ \t]{{0,8}},[ \t]{{0,8}}"
    rf"(?P<value>{_QUOTED})"
)
_VARIABLE = regex(
    r"^[ \t]{0,40}(?:[a-z]{1,12}[ \t]{1,4}){0,3}\$(?P<name>\w{1,80})[ \t]{0,8}=[ \t]{0,8}"
    rf"(?P<value>{_QUOTED})"
)
"""A variable of PHP, Perl or PowerShell. Elsewhere a dollar marks one that is read."""
_HEADER = regex(
    r"(?i)(?P<name>authorization|x-[\w-]{1,40}-(?:token|key))[\"']?[ \t]{0,4}[:= \t][ \t]{0,4}"
    r"[\"']?(?:bearer|basic|token)[ \t]{1,4}(?P<value>[\w.~+/=-]{8,2000})"
)
_SPOKEN_KEY = regex(
    rf"\b(?P<name>[A-Za-z]{{2,20}} [Kk]ey)[\"'`*]{{0,3}}[ \t]{{0,4}}[:=][ \t]{{0,4}}"
    rf"(?P<value>{_QUOTED}|{_BARE})"
)
_SAID = regex(
    r"(?i)\b(?P<name>password|passphrase|token|secret)[ \t]{1,4}is:?[ \t]{1,4}"
    r"(?P<value>`[^`\s]{1,200}`|\"[^\"\s]{1,200}\"|'[^'\s]{1,200}')"
)
_DOCKER_ENV = regex(
    r"^[ \t]{0,8}(?:ENV|ARG)[ \t]{1,8}(?P<name>\w{1,80})[ \t]{1,8}(?P<value>[^\s=]\S{0,2000})$"
)
_SPACED = regex(
    r"(?<![^\s#])(?P<name>[A-Za-z][\w.-]{2,60})[ \t]{1,40}"
    r"(?P<value>\"[^\s\"]{1,200}\"|'[^\s']{1,200}'|[^\s\"'=:;]{1,200});?\s*\Z"
)
_SETTING = regex(
    r"<\w{1,40}[ \t]{1,8}(?:key|name)=\"(?P<name>[\w.:-]{1,80})\"[ \t]{1,8}"
    r"value=\"(?P<value>[^\"<>]{1,2000})\""
)
_USER_PASSWORD = "password"  # noqa: S105 - a name
_NAMED = (
    ("-", _FLAG),
    ("</", _ELEMENT),
    ("</", _PROPERTY),
    ("define(", _DEFINED),
    ("$", _VARIABLE),
    ("authorization", _HEADER),
    ("x-", _HEADER),
    ("value=", _SETTING),
    (" key", _SPOKEN_KEY),
    (" is", _SAID),
)
"""Patterns, each with a text that every line holds in which it finds something (lower case)."""
_may_assign = regex(r"[:=<]|(?<![\w-])-").search
_may_tell = regex(rf"(?i)define\(|authorization\s| is [\"'`]|{unnamed.SIGNS}").search


class Assignment(Struct, frozen=True):
    """A name, the value given to it, where the value stands in the line, and whether in quotes."""

    name: str
    value: str
    start: int
    end: int
    quoted: bool


def may_assign(line: str) -> bool:
    """Whether there can be an assignment of any kind but those that `words` adds: true for every
    line that holds one, and prose goes by for the price of two searches."""
    return _may_assign(line) is not None or _may_tell(line) is not None


def assignments(line: str, *, words: bool = False, whole: bool = False) -> Iterator[Assignment]:
    """The assignments in a line, in linear time; `words` also reads the name and
    value side by side that Dockerfiles, .netrc and many .conf files have; with `whole` a value goes
    on to the end of the line, as in Java's properties."""
    for number, item in enumerate(_assigned(line)):
        yield _to_end(line, item) if whole and not number else item
    lower = line.lower()
    for sign, pattern in _NAMED:
        if sign in lower:
            for match in pattern.finditer(line):
                yield _assignment(match["name"], match)
    for match in unnamed.passwords(line, lower):
        yield replace(
            _assignment(_USER_PASSWORD, match), quoted=_is_inside(line, match.start("value"))
        )
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


def _to_end(line: str, item: Assignment) -> Assignment:
    rest = line[item.end :].rstrip()
    if item.quoted or not rest or naming(item.name) is Naming.NONE:
        return item
    return replace(item, value=line[item.start : item.end] + rest, end=item.end + len(rest))


def _is_inside(line: str, place: int) -> bool:
    """Whether the place is inside a text in quotes."""
    return any(line.count(quote, 0, place) % 2 for quote in "\"'`")


def _assignment(name: str, match: re.Match[str]) -> Assignment:
    value = match["value"]
    start, end = match.span("value")
    if value.startswith('"""'):
        return Assignment(name, value[3:-3], start + 3, end - 3, quoted=True)
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'`":
        return Assignment(name, value[1:-1], start + 1, end - 1, quoted=True)
    while (
        value and value[-1] in ")]}" and value.count(value[-1]) > value.count(_OPENING[value[-1]])
    ):
        value, end = value[:-1], end - 1
    stripped = value.rstrip("\\")
    return Assignment(name, stripped, start, end - (len(value) - len(stripped)), quoted=False)


_OPENING = {")": "(", "]": "[", "}": "{"}
