"""dotenv and INI files that SOPS encrypted (stores/dotenv and stores/ini of SOPS)."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from gitops_ci.model.regex import regex
from gitops_ci.model.rule import Rule
from gitops_ci.secrets import rules
from gitops_ci.secrets.hit import Hit, Stretch
from gitops_ci.secrets.secret_text import SecretText
from gitops_ci.secrets.sops.check import HINTS, needs_encryption
from gitops_ci.secrets.sops.ciphertext import damage_of, is_encrypted
from gitops_ci.secrets.sops.creation_rules import CreationRule
from gitops_ci.secrets.sops.metadata import Metadata, metadata_of_lines
from gitops_ci.secrets.source_text import SourceText

_PAIR = regex(r"\s{0,8}(?P<key>[\w.-]{1,200})\s{0,40}=\s{0,40}(?P<value>.*?)\s*\Z")
_SECTION = regex(r"\s{0,8}\[(?P<name>[^\]]{1,200})\]")
_OWN = "sops"


class _Pair(Struct, frozen=True):
    section: str
    key: str
    value: str
    start: int

    @property
    def is_metadata(self) -> bool:
        return self.section == _OWN or self.key.startswith("sops_")


def encryption_hits_of_lines(source: SourceText, rule: CreationRule | None) -> Iterator[Hit]:
    """The faults of a dotenv or INI file that SOPS encrypted; nothing for any other file."""
    pairs = list(_pairs(source))
    own = [pair for pair in pairs if pair.is_metadata]
    metadata = metadata_of_lines((pair.key, pair.value) for pair in own)
    if metadata is None:
        return
    for part in metadata.missing:
        what = f"the metadata of SOPS lacks its {part}"
        yield _hit(rules.SOPS_METADATA, what, part, own[0], "")
    for kind, names in rule.recipients.items() if rule else ():
        if names != metadata.recipients.get(kind, frozenset()):
            what = f"the file is encrypted for other {kind} recipients than .sops.yaml names"
            yield _hit(rules.SOPS_RECIPIENTS, what, kind, own[0], "")
    for pair in pairs:
        if not pair.is_metadata:
            yield from _value_hits(pair, metadata)


def _value_hits(pair: _Pair, metadata: Metadata) -> Iterator[Hit]:
    if is_encrypted(pair.value):
        damage = damage_of(pair.value)
        if damage:
            what = f"the encrypted value of '{pair.key}' is damaged: {damage}"
            yield _hit(rules.SOPS_CIPHERTEXT, what, pair.key, pair, "")
    elif needs_encryption(pair.value, [pair.section, pair.key], metadata):
        what = f"'{pair.key}' ought to be encrypted and is not"
        yield _hit(rules.SOPS_PLAINTEXT, what, pair.key, pair, pair.value)


def _pairs(source: SourceText) -> Iterator[_Pair]:
    section = ""
    for line in source.all_lines():
        opened = _SECTION.match(line.text)
        if opened:
            section = opened["name"]
            continue
        match = _PAIR.match(line.text)
        if match:
            start = source.offset(line.start) + match.start("value")
            yield _Pair(section, match["key"], match["value"], start)


def _hit(rule: Rule, what: str, identity: str, pair: _Pair, value: str) -> Hit:
    place = Stretch(pair.start, pair.start + len(pair.value))
    return Hit(rule, SecretText(value), what, identity, place, rule.severity, hint=HINTS[rule])
