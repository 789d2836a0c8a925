"""Whether a line can tell that the document around it holds a secret: looking at a line costs far
less than walking a document. Errs on the side of looking."""

from __future__ import annotations

import re
from enum import Enum

from gitops_ci.model.regex import regex
from gitops_ci.secrets.assignments import assignments, may_assign
from gitops_ci.secrets.classify import Kind, classify
from gitops_ci.secrets.names import Naming, hides_children, naming
from gitops_ci.secrets.unnamed import passwords


class Telling(Enum):
    """What a line says about its document."""

    NO = 0
    NEAR_VALUE = 1
    """It names a secret whose value, if there is one, stands near it."""
    BEFORE_VALUE = 2
    """Its name is that of a secret; what follows is the value, unless it is another entry."""
    SURELY = 3


SIGNS = (
    *("kind: secret", 'kind": "secret"', 'kind":"secret"', "kind: sealedsecret", "auths"),
    "secretgenerator",
    *("dockercfg", "ls0tls1crudjt", "h4sia", "random_password", "stringdata", "encrypteddata"),
    *(
        "sensitive",
        "fake:",
        "userlist.txt",
        "pgpass",
        "turnserver.conf",
        "jaas",
        "private key",
        "putty-user-key",
    ),
    *("age-secret-key", "inline_string", "inline_bytes", "inlinestring"),
    *("inlinebytes", "kind: secretlist", 'kind": "secretlist"', "path: /data/"),
    *('path": "/data/', "binarydata:"),
)
"""Words that make a document worth it, whatever stands around them (lower case)."""
_AT_END = "kind: secret"
"""The one that is only a sign where the line ends behind it."""
_KEY = regex(r"\s*(?:-\s+)*[\"']?(?P<key>[\w./-]{1,200})[\"']?\s*:(?:\s+(?P<value>.*?))?\s*\Z")
_FLAG = regex(r"\s*-?\s*[\"']?--?(?P<name>[\w-]{2,60})[\"']?,?\s*\Z")
_LISTED_FLAG = regex(r"[\[,\s][\"']?--?(?P<name>[\w-]{2,60})[\"']?\s{0,8},")
"""An option in a list on one line, whose value is the next item."""
_SIGNS_OF_LISTS = regex(r"[\[\]\"',]+ ?")
_FLOW = regex(
    r"(?:secret|pass|token|credential|[a-z]_?keys)[\w-]{0,60}[\"']?\s{0,8}:\s{0,8}[{\[]",
    re.IGNORECASE,
)
"""A name before a collection on the same line."""
_JOINED = regex(r"[{\s,\"'](?:[Kk]ey|list|value)[\"']?\s{0,8}:")
"""A key that says something together with the name in front of its mapping."""
_NAMES = frozenset({"name", "key", "variable", "Name", "Key"})
_OPENING = "|>&*!{["
_DEEP = 3


def has_sign(line: str, signs: frozenset[str]) -> bool:
    """Whether a line that holds `signs` has one that counts."""
    return bool(signs - {_AT_END}) or (
        _AT_END in signs and line.lower().rstrip("\r").endswith(_AT_END)
    )


def most(first: Telling, second: Telling) -> Telling:
    """The one that says more."""
    return max(first, second, key=lambda told: told.value)


def telling(line: str) -> Telling:
    """What the names in a line tell."""
    if not may_assign(line) and '\\"' not in line:
        return Telling.NO
    match = _KEY.match(line)
    if match is not None and not line.lstrip().startswith("#"):
        told = _of_entry(match["key"], match["value"] or "")
        if told is not None:
            return told
    flag = _FLAG.match(line)
    if flag is not None:
        return Telling.NO if naming(flag["name"]) is Naming.NONE else Telling.SURELY
    if any(naming(item["name"]) is not Naming.NONE for item in _LISTED_FLAG.finditer(line)):
        return Telling.SURELY
    words = _SIGNS_OF_LISTS.sub(" ", line) if "[" in line else ""
    if words and any(True for _ in passwords(words, words.lower())):
        return Telling.SURELY
    return _of_text(line, _DEEP)


def entry_key(line: str) -> str:
    """The key of a line that is `key: value` and no item of a list; empty for any other."""
    match = None if line.lstrip().startswith("- ") else _KEY.match(line)
    return match["key"] if match else ""


def _of_entry(key: str, value: str) -> Telling | None:
    """What `key: value` says; None when the value has to be looked at by itself."""
    if _is_name(key):
        plain = value.partition(" #")[0].strip()
        if not plain:
            return Telling.SURELY if hides_children(key) else Telling.BEFORE_VALUE
        if plain[0] == "{" and plain[-1] == "}" and not hides_children(key):
            if _JOINED.search(plain) and "name" not in plain:
                return Telling.SURELY
            return _of_text(plain[1:-1], _DEEP)
        return Telling.SURELY if _may_be_secret(plain) else Telling.NO
    if key in _NAMES or (key == "path" and value.lstrip("\"'").startswith("/")):
        return _of_name(value.strip("\"'"))
    return None if may_assign(value) or '\\"' in value else Telling.NO


def _of_text(text: str, depth: int) -> Telling:
    """Whether a name in the text is given something, however it is written."""
    if '\\"' in text:
        return Telling.SURELY
    told = Telling.NO
    for item in assignments(text):
        if _is_name(item.name):
            if not item.value or _may_be_secret(item.value):
                return Telling.SURELY
            continue
        if item.name in _NAMES:
            told = most(told, _of_name(item.value))
        if item.quoted and depth:
            told = most(told, _of_text(item.value, depth - 1))
    return Telling.SURELY if _FLOW.search(text) else told


def _is_name(key: str) -> bool:
    return naming(key) is not Naming.NONE or hides_children(key)


def _of_name(name: str) -> Telling:
    return Telling.NO if naming(name) is Naming.NONE else Telling.NEAR_VALUE


def _may_be_secret(value: str) -> bool:
    return value[0] in _OPENING or classify(value) is Kind.SECRET
