"""Files that hold credentials in a form of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_ci.model.regex import regex
from gitops_ci.repo.paths import name as name_of
from gitops_ci.secrets import rules
from gitops_ci.secrets.hit import Hit, Stretch
from gitops_ci.secrets.judge import credential
from gitops_ci.secrets.secret_text import SecretText
from gitops_ci.secrets.source_text import SourceText

_PGPASS = regex(r"\A[^:\s#][^:\s]*:[^:\s]*:[^:\s]*:[^:\s]*:(?P<value>\S{1,200})\s*\Z")
_USERLIST = regex(r"\A\s*\"[^\"\s]{1,100}\"[ \t]{1,8}\"(?P<value>[^\"\s]{1,200})\"\s*\Z")
_SASL_PASSWD = regex(r"\A[^\s#]\S{0,200}\s{1,20}[^\s:]{1,200}:(?P<value>\S{1,200})\s*\Z")
_TURN_USER = regex(r"\A\s*user=[^\s:]{1,80}:(?P<value>\S{1,200})\s*\Z")
_CHPASSWD = regex(r"\A\s*[\w.-]{1,80}:(?P<value>\S{1,200})\s*\Z")
_IPSEC = regex(
    r"\A[^#\n]{0,200}:\s{1,20}(?:PSK|EAP|XAUTH|NTLM)\s{1,20}[\"']?(?P<value>[^\s\"']{1,200})"
)
_PPP = regex(r"\A[^\s#]\S{0,80}\s{1,20}\S{1,80}\s{1,20}[\"']?(?P<value>[^\s\"']{1,200})")
_KEYRING = regex(r"\A\s*key\s{0,8}=\s{0,8}(?P<value>\S{20,200})\s*\Z")
_JAAS_USER = regex(r"\buser_[\w.-]{1,80}=\"(?P<value>[^\"]{1,200})\"")
_LINES = {
    ".pgpass": _PGPASS,
    "pgpass": _PGPASS,
    "pgpass.conf": _PGPASS,
    "userlist.txt": _USERLIST,
    "sasl_passwd": _SASL_PASSWD,
    "turnserver.conf": _TURN_USER,
    "chpasswd_list": _CHPASSWD,
    "ipsec.secrets": _IPSEC,
    "chap-secrets": _PPP,
    "pap-secrets": _PPP,
}
"""How the lines of a file are written, by its name: PostgreSQL's password file, PgBouncer's user
list, Postfix ("SASL_README"), coturn, what cloud-init gives to chpasswd(8), ipsec.secrets(5),
pppd(8)."""
_PROPERTY = regex(
    r"<name>\s{0,20}(?P<name>[\w.:-]{1,120})\s{0,20}</name>\s{0,80}"
    r"<value>\s{0,20}(?P<value>[^<>\s]{1,2000})\s{0,20}</value>"
)
"""A property of Hadoop's configuration (org.apache.hadoop.conf.Configuration)."""
_BLOCK = regex(r"\s*variable\s+\"(?P<name>[\w-]{1,200})\"\s*\{")
_DEFAULT = regex(r"\s*default\s*=\s*\"(?P<value>[^\"]{1,2000})\"")
_SET = regex(
    r"\bname\s{0,20}=\s{0,20}\"(?P<name>[^\"\n]{1,200})\"[,\s]\s{0,80}"
    r"value\s{0,20}=\s{0,20}\"(?P<value>[^\"\n]{1,2000})\""
)
"""A setting in a block of its own, such as `set_sensitive` of a `helm_release`."""


def named_file_hits(source: SourceText) -> Iterator[Hit]:
    """The credentials of a file whose name says how it writes them."""
    name = name_of(source.path)
    pattern = _line_of(name)
    for line in source.all_lines() if pattern else ():
        match = pattern.search(line.text) if pattern else None
        if match:
            yield from _credential("password", match, source.offset(line.start))
    if name.endswith((".tf", ".tofu")):
        yield from _variables(source)
    elif name.endswith(".xml"):
        for match in _PROPERTY.finditer(source.text):
            yield from _credential(match["name"], match, 0)


def _line_of(name: str) -> re.Pattern[str] | None:
    if name.endswith("keyring"):
        return _KEYRING  # of Ceph
    return _JAAS_USER if "jaas" in name else _LINES.get(name)


def passwords_in(name: str, text: str) -> Iterator[str]:
    """The passwords of a text that stands under the name of such a file, as in a ConfigMap."""
    pattern = _line_of(name)
    for line in text.splitlines() if pattern else ():
        match = pattern.search(line) if pattern else None
        if match and credential("password", match["value"]) is not None:
            yield match["value"]
    if name.endswith(".xml"):
        for match in _PROPERTY.finditer(text):
            if credential(match["name"], match["value"]) is not None:
                yield match["value"]


def _variables(source: SourceText) -> Iterator[Hit]:
    """The defaults of Terraform's variables, where the block carries the name, and the settings
    whose name and value are two arguments."""
    variable = ""
    for line in source.all_lines():
        opened = _BLOCK.match(line.text)
        if opened:
            variable = opened["name"]
        match = _DEFAULT.match(line.text) if variable else None
        if match:
            yield from _credential(variable, match, source.offset(line.start))
        if line.text.startswith("}"):
            variable = ""
    for match in _SET.finditer(source.text):
        yield from _credential(match["name"], match, 0)


def _credential(name: str, match: re.Match[str], offset: int) -> Iterator[Hit]:
    value = match["value"]
    severity = credential(name, value)
    if severity is not None:
        start = offset + match.start("value")
        place = Stretch(start, start + len(value))
        yield Hit(rules.CREDENTIAL, SecretText(value), f"'{name}'", name, place, severity)
