"""Whether the documents of a file can hold a secret at all, told from its lines: looking at a line
costs far less than walking a document. Errs on the side of looking."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from gitops_ci.secrets.assignments import assignments, may_assign
from gitops_ci.secrets.classify import Kind, classify
from gitops_ci.secrets.names import Naming, hides_children, naming
from gitops_ci.secrets.parts import Part, parts_of
from gitops_ci.secrets.source_text import Line, SourceText

_ALWAYS = (
    *(b"kind: secret\n", b"kind: secret\r", b'kind": "secret"', b"kind: sealedsecret", b"auths"),
    *(b"secretgenerator", b"dockercfg", b"ls0tls1crudjt", b"h4sia", b"random_password"),
    *(
        b"stringdata",
        b"encrypteddata",
        b"sensitive",
        b"fake:",
        b"userlist.txt",
        b"pgpass",
        b"private key",
        b"putty-user-key",
        b"age-secret-key",
    ),
)
"""Words that make a file worth it, whatever stands around them (lower case)."""
_TEMPLATE = (b"externalsecret", b"template:")
_KEY = re.compile(r"\s*(?:-\s+)*[\"']?(?P<key>[\w./-]{1,200})[\"']?\s*:(?:\s+(?P<value>.*?))?\s*\Z")
_FLAG = re.compile(r"\s*-?\s*[\"']?--?(?P<name>[\w-]{2,60})[\"']?,?\s*\Z")
_NAMES = frozenset({"name", "key", "variable", "Name", "Key"})
_ITEM = re.compile(rb"(?:^|\n)[ \t]*-[ \t]")
_VALUE = re.compile(rb"value\b")
_NEAR = 200
"""So many bytes around a name its value is looked for."""
_DEEP = 3


def worth_parsing(source: SourceText, words: Iterable[str]) -> list[Part]:
    """The documents of the file that, parsed, could show more than their text does; `words` are
    the words of names that the file holds."""
    parts = parts_of(source)
    starts = [start for start, _ in parts]
    signs = [word for word in _ALWAYS if word in source.lower]
    told = {number for number, part in enumerate(parts) if _holds(source.lower, part, signs)}
    for line in source.lines_with(words):
        number = bisect_right(starts, line.start) - 1
        if number not in told and _tells(line, source):
            told.add(number)
    return [parts[number] for number in sorted(told)]


def _holds(lower: bytes, part: Part, signs: list[bytes]) -> bool:
    """Whether one of the signs stands in the part, or all that make a template of a secret."""
    if any(lower.find(sign, *part) >= 0 for sign in signs):
        return True
    return all(lower.find(sign, *part) >= 0 for sign in _TEMPLATE)


def _tells(line: Line, source: SourceText) -> bool:
    text = line.text
    if may_assign(text) is None and '\\"' not in text:
        return False
    match = _KEY.match(text)
    if match is not None and not text.lstrip().startswith("#"):
        told = _entry_tells(match["key"], match["value"] or "", line, source)
        if told is not None:
            return told
    flag = _FLAG.match(text)
    if flag is not None:
        return naming(flag["name"]) is not Naming.NONE
    return _text_tells(text, line, source, _DEEP)


def _entry_tells(key: str, value: str, line: Line, source: SourceText) -> bool | None:
    """What `key: value` says; None when the value has to be looked at by itself."""
    if naming(key) is not Naming.NONE or hides_children(key):
        plain = value.partition(" #")[0].strip()
        if not plain:
            return hides_children(key) or not _mapping_follows(line, source)
        if plain[0] == "{" and plain[-1] == "}" and not hides_children(key):
            return _text_tells(plain[1:-1], line, source, _DEEP)
        if plain[0] in "|>&*!{[":
            return True
        return classify(plain) is Kind.SECRET
    if key in _NAMES:
        return _is_pair(value.strip("\"'"), line, source)
    return None if may_assign(value) or '\\"' in value else False


def _mapping_follows(line: Line, source: SourceText) -> bool:
    """Whether the next line is another entry, which is judged by its own name."""
    start = line.start + len(line.text.encode())
    following = source.data[start : start + _NEAR].decode("utf-8", "replace").lstrip("\r\n")
    first = following.partition("\n")[0]
    return not first.lstrip().startswith("- ") and _KEY.match(first) is not None


def _is_pair(name: str, line: Line, source: SourceText) -> bool:
    """Whether the value of a name stands near it, as in the environment of a container: in the same
    item, where there are items."""
    if naming(name) is Naming.NONE:
        return False
    end = line.start + len(line.text.encode())
    behind = source.lower[end : end + _NEAR]
    item = _ITEM.search(behind)
    if _VALUE.search(behind[: item.start()] if item else behind):
        return True
    before = source.lower[max(line.start - _NEAR, 0) : end]
    starts = [found.start() for found in _ITEM.finditer(before)]
    return _VALUE.search(before, starts[-1] if starts else 0) is not None


def _text_tells(text: str, line: Line, source: SourceText, depth: int) -> bool:
    """Whether a name in the text is given something, however it is written."""
    if '\\"' in text:
        return True
    for item in assignments(text):
        if naming(item.name) is not Naming.NONE or hides_children(item.name):
            if not item.value or item.value[0] in "|>&*!{[" or classify(item.value) is Kind.SECRET:
                return True
        elif (item.name in _NAMES and _is_pair(item.value, line, source)) or (
            item.quoted and depth and _text_tells(item.value, line, source, depth - 1)
        ):
            return True
    return _FLOW.search(text) is not None


_FLOW = re.compile(
    r"(?:secret|pass|token|credential)[\w-]{0,60}[\"']?\s{0,8}:\s{0,8}[{\[]", re.IGNORECASE
)
"""A name before a collection on the same line."""
