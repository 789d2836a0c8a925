"""Files that hold credentials in a form of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from gitops_ci.repo.paths import name as name_of
from gitops_ci.secrets import rules
from gitops_ci.secrets.hit import Hit, Stretch
from gitops_ci.secrets.judge import credential
from gitops_ci.secrets.secret_text import SecretText
from gitops_ci.secrets.source_text import SourceText

_PGPASS = re.compile(r"[^:\s#][^:\s]*:[^:\s]*:[^:\s]*:[^:\s]*:(?P<value>\S{1,200})\s*\Z")
_USERLIST = re.compile(r"\s*\"[^\"\s]{1,100}\"[ \t]{1,8}\"(?P<value>[^\"\s]{1,200})\"\s*\Z")
_BLOCK = re.compile(r"\s*variable\s+\"(?P<name>[\w-]{1,200})\"\s*\{")
_DEFAULT = re.compile(r"\s*default\s*=\s*\"(?P<value>[^\"]{1,2000})\"")


def named_file_hits(source: SourceText) -> Iterator[Hit]:
    """The credentials of a file whose name says how it writes them."""
    name = name_of(source.path)
    for matches, find in _FINDERS:
        if matches(name):
            yield from find(source)


def _password_file(source: SourceText) -> Iterator[Hit]:
    """PostgreSQL's password file: `host:port:database:user:password`."""
    for line in source.all_lines():
        match = _PGPASS.match(line.text)
        if match:
            yield from _credential("password", match, source, line.start)


def _user_list(source: SourceText) -> Iterator[Hit]:
    """PgBouncer's `userlist.txt`: `"user" "password"`."""
    for line in source.all_lines():
        match = _USERLIST.match(line.text)
        if match:
            yield from _credential("password", match, source, line.start)


def passwords_in(name: str, text: str) -> Iterator[str]:
    """The passwords of a text that stands under the name of such a file, as in a ConfigMap."""
    pattern = _BY_NAME.get(name)
    for line in text.splitlines() if pattern else ():
        match = pattern.match(line) if pattern else None
        if match and credential("password", match["value"]) is not None:
            yield match["value"]


def _variables(source: SourceText) -> Iterator[Hit]:
    """The defaults of Terraform's variables: the block carries the name."""
    variable = ""
    for line in source.all_lines():
        opened = _BLOCK.match(line.text)
        if opened:
            variable = opened["name"]
        match = _DEFAULT.match(line.text) if variable else None
        if match:
            yield from _credential(variable, match, source, line.start)
        if line.text.startswith("}"):
            variable = ""


def _credential(
    name: str, match: re.Match[str], source: SourceText, position: int
) -> Iterator[Hit]:
    value = match["value"]
    severity = credential(name, value)
    if severity is not None:
        start = source.offset(position) + match.start("value")
        place = Stretch(start, start + len(value))
        yield Hit(rules.CREDENTIAL, SecretText(value), f"'{name}'", name, place, severity)


_FINDERS: tuple[tuple[Callable[[str], bool], Callable[[SourceText], Iterator[Hit]]], ...] = (
    (lambda name: name in (".pgpass", "pgpass", "pgpass.conf"), _password_file),
    (lambda name: name == "userlist.txt", _user_list),
    (lambda name: name.endswith((".tf", ".tofu")), _variables),
)
"""Which names, and how their content is read."""
_BY_NAME = {".pgpass": _PGPASS, "pgpass": _PGPASS, "userlist.txt": _USERLIST}
