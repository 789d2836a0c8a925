"""What is wrong with the encryption of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gitops_ci.documents.document import Document, SourceFile
from gitops_ci.documents.manifests import ref_of
from gitops_ci.model.rule import Rule
from gitops_ci.model.span import Route
from gitops_ci.secrets import rules
from gitops_ci.secrets.classify import Kind, classify
from gitops_ci.secrets.hit import Entry, Hit
from gitops_ci.secrets.secret_text import SecretText
from gitops_ci.secrets.sops.ciphertext import damage_of, is_encrypted
from gitops_ci.secrets.sops.creation_rules import CreationRule
from gitops_ci.secrets.sops.metadata import KEY, Metadata, is_metadata, metadata_of

_MOST = 50
_NOTHING = SecretText("")
_DATA = ("data", "stringData")
_FRAME = (["apiVersion"], ["kind"], ["metadata"], ["type"])
"""What every object has around its data, and where no secret stands."""


def encryption_hits(source: SourceFile, rule: CreationRule | None) -> list[Hit]:
    """The faults of a YAML or JSON file that SOPS encrypted; empty for any other file."""
    known = [(d, d.value[KEY]) for d in source.documents if _is_encrypted(d)]
    if not known:
        return []
    hits: list[Hit] = []
    for document, block in known:
        hits += _metadata_hits(document, metadata_of(block), rule)
    common = metadata_of(known[0][1])
    for document in source.documents:
        own = document.value.get(KEY) if isinstance(document.value, dict) else None
        metadata = metadata_of(own) if own and is_metadata(own) else common
        hits += _value_hits(document, metadata)
    return hits


def rule_in(source: SourceFile) -> CreationRule | None:
    """How SOPS encrypted the file, as a rule for another state of it; None when it has not."""
    blocks = [document.value[KEY] for document in source.documents if _is_encrypted(document)]
    return CreationRule("", metadata_of(blocks[0]).selection) if blocks else None


def _is_encrypted(document: Document) -> bool:
    return isinstance(document.value, dict) and is_metadata(document.value.get(KEY))


def _metadata_hits(
    document: Document, metadata: Metadata, rule: CreationRule | None
) -> Iterator[Hit]:
    place: Route = (KEY,)
    for part in metadata.missing:
        what = f"the metadata of SOPS lacks its {part}"
        yield _hit(rules.SOPS_METADATA, what, part, document, place)
    for kind, names in rule.recipients.items() if rule else ():
        if names != metadata.recipients.get(kind, frozenset()):
            what = f"the file is encrypted for other {kind} recipients than .sops.yaml names"
            yield _hit(rules.SOPS_RECIPIENTS, what, kind, document, place)
    value = document.value
    if value.get("kind") == "Secret" and not metadata.selection.by_comment:
        parts = [(part, key) for part in _DATA for key in value.get(part) or ()]
        if parts and not any(metadata.selection.covers(keys) for keys in parts):
            what = "the settings of SOPS leave the data of the Secret out"
            yield _hit(rules.SOPS_NOT_COVERED, what, "", document, place)


def _value_hits(document: Document, metadata: Metadata) -> list[Hit]:
    hits: list[Hit] = []
    for route, value in leaves(document.value, ()):
        if route[:1] == (KEY,) or len(hits) >= _MOST:
            continue
        keys = [step for step in route if isinstance(step, str)]
        if isinstance(value, str) and is_encrypted(value):
            damage = damage_of(value)
            if damage:
                what = f"the encrypted value of '{_last(keys)}' is damaged: {damage}"
                hits.append(_hit(rules.SOPS_CIPHERTEXT, what, "", document, route))
        elif needs_encryption(value, keys, metadata):
            what = f"'{_last(keys)}' ought to be encrypted and is not"
            secret = SecretText(str(value))
            hits.append(_hit(rules.SOPS_PLAINTEXT, what, "", document, route, secret))
    return hits


def needs_encryption(value: Any, keys: list[str], metadata: Metadata) -> bool:
    """Whether a value in plain text ought to be encrypted. SOPS leaves null and empty texts."""
    if value is None or value == "" or metadata.selection.by_comment:
        return False
    if keys[:1] in _FRAME:
        return False
    if isinstance(value, str) and classify(value) is Kind.CIPHERTEXT:
        return False
    return metadata.selection.covers(keys)


def leaves(value: Any, route: Route) -> Iterator[tuple[Route, Any]]:
    """The values below `value` that hold no others."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*route, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*route, index))
    else:
        yield route, value


def _last(keys: list[str]) -> str:
    return keys[-1] if keys else "a value"


def _hit(
    rule: Rule,
    what: str,
    identity: str,
    document: Document,
    route: Route,
    value: SecretText = _NOTHING,
) -> Hit:
    ref = ref_of(document.value) if isinstance(document.value, dict) else None
    known = ref if ref and ref.kind else None
    place = Entry(document.index, route)
    return Hit(rule, value, what, identity, place, rule.severity, known, hint=HINTS[rule])


_AGAIN = "encrypt the file again with `sops --encrypt --in-place`"
HINTS: dict[Rule, str] = {
    rules.SOPS_METADATA: "restore the block from git, or " + _AGAIN,
    rules.SOPS_RECIPIENTS: "run `sops updatekeys` on the file",
    rules.SOPS_NOT_COVERED: "set `encrypted_regex: ^(data|stringData)$` in .sops.yaml and "
    + _AGAIN,
    rules.SOPS_CIPHERTEXT: "restore the value from git, or set it again with `sops set`",
    rules.SOPS_PLAINTEXT: "replace the value at its source, then " + _AGAIN,
    rules.SOPS_NOT_ENCRYPTED: _AGAIN,
    rules.SOPS_RULES: "it needs a list `creation_rules`, with regular expressions as Go has them",
}
"""What to do about each fault."""
