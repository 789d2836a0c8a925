"""What SOPS writes about a file into it: a `sops` mapping, or keys that begin with `sops_`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, field

from gitops_ci.model.regex import regex
from gitops_ci.secrets.sops.selection import Selection, selection_of

KEY = "sops"
_RECIPIENTS = {
    "age": "recipient",
    "pgp": "fp",
    "kms": "arn",
    "gcp_kms": "resource_id",
    "azure_kv": "vault_url",
    "hc_vault": "vault_address",
    "hckms": "key_id",
}
"""The field that names a recipient, for each kind of key."""
_FLAT = regex(
    r"(?:sops_)?(?:key_groups__list_\d+__map_)?(?P<kind>\w+?)__list_\d+__map_(?P<field>\w+)\Z"
)


class Metadata(Struct, frozen=True):
    """The parts that can be checked. `missing` are the ones that every file needs and this one has
    not; `recipients` are the names by kind of key."""

    selection: Selection
    missing: tuple[str, ...] = ()
    recipients: Mapping[str, frozenset[str]] = field(default_factory=dict)


def recipient(kind: str, text: str) -> str:
    """The name of a recipient as it is compared: GnuPG takes fingerprints with spaces and in any
    case."""
    return text.replace(" ", "").upper() if kind == "pgp" else text.strip()


def is_metadata(value: Any) -> bool:
    """Whether a value is a `sops` mapping; one that lost parts is recognised too."""
    known = {
        "mac",
        "lastmodified",
        "version",
        "age",
        "pgp",
        "kms",
        "gcp_kms",
        "azure_kv",
        "hc_vault",
    }
    return isinstance(value, dict) and len(known.intersection(value)) >= 2


def metadata_of(value: Mapping[str, Any]) -> Metadata:
    """The metadata in a `sops` mapping."""
    recipients: dict[str, set[str]] = {}
    groups = value.get("key_groups")
    for holder in (value, *(groups if isinstance(groups, list) else ())):
        for kind, name in _RECIPIENTS.items():
            entries = holder.get(kind) if isinstance(holder, dict) else None
            for entry in entries if isinstance(entries, list) else ():
                if isinstance(entry, dict) and entry.get(name):
                    recipients.setdefault(kind, set()).add(recipient(kind, str(entry[name])))
    return _checked(value, recipients)


def metadata_of_lines(pairs: Iterable[tuple[str, str]]) -> Metadata | None:
    """The metadata of a dotenv or INI file from its keys and values; None when it has none."""
    fields: dict[str, str] = {}
    recipients: dict[str, set[str]] = {}
    for key, value in pairs:
        flat = _FLAT.match(key)
        if flat and _RECIPIENTS.get(flat["kind"]) == flat["field"]:
            recipients.setdefault(flat["kind"], set()).add(recipient(flat["kind"], value))
        fields[key.removeprefix("sops_")] = value
    known = {"mac", "lastmodified", "version"}.intersection(fields)
    return _checked(fields, recipients) if len(known) >= 2 or (known and recipients) else None


def _checked(fields: Mapping[str, Any], recipients: dict[str, set[str]]) -> Metadata:
    missing = [name for name in ("mac", "version") if not fields.get(name)]
    if not recipients:
        missing.append("recipients")
    return Metadata(
        selection_of(fields),
        tuple(missing),
        {kind: frozenset(names) for kind, names in recipients.items()},
    )
