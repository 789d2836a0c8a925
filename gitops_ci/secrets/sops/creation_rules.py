"""`.sops.yaml`: which files are encrypted, which of their values, and for whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from gitops_ci.documents.locate import locate
from gitops_ci.model.span import Location
from gitops_ci.repo.files import Files
from gitops_ci.repo.paths import name, parent, parents
from gitops_ci.repo.tree import UnreadableError, named
from gitops_ci.secrets.sops.metadata import recipient
from gitops_ci.secrets.sops.selection import Selection, compiled, is_expression, selection_of

FILE = ".sops.yaml"
_EXPRESSIONS = ("path_regex", "encrypted_regex", "unencrypted_regex")
_COMPARED = {"age": "age", "pgp": "pgp", "kms": "kms", "gcp_kms": "gcp_kms"}
_FIELDS = {"age": "recipient", "pgp": "fp", "kms": "arn", "gcp_kms": "resource_id"}


class CreationRule(Struct, frozen=True):
    """One rule; `path_regex` is searched for in the path relative to the file. `recipients` are
    known by kind of key, empty when the rule names none."""

    path_regex: str
    selection: Selection
    recipients: Mapping[str, frozenset[str]] = field(default_factory=dict)


class CreationRules:
    """The rules of every `.sops.yaml` of a tree; `broken` says of those that SOPS cannot use where
    and why."""

    def __init__(self, files: Files) -> None:
        self._rules: dict[str, tuple[CreationRule, ...]] = {}
        self.broken: list[tuple[Location, str]] = []
        for entry in named(files.tree, FILE):
            self._read(files, entry.path)

    def rule_for(self, path: str) -> CreationRule | None:
        """The rule of the nearest `.sops.yaml` that a file falls under."""
        if name(path) == FILE or not self._rules:
            return None
        for directory in parents(path):
            rules = self._rules.get(directory)
            if rules is None:
                continue
            relative = path[len(directory) + 1 :] if directory else path
            return next((rule for rule in rules if _falls_under(rule, relative)), None)
        return None

    def _read(self, files: Files, path: str) -> None:
        try:
            source = files.source(path)
        except UnreadableError:
            return  # the inventory says so
        value = source.documents[0].value if source.documents else None
        rules = value.get("creation_rules") if isinstance(value, dict) else None
        if isinstance(rules, list):
            known = tuple(_rule(item) for item in rules if isinstance(item, dict))
            self._rules[parent(path)] = known
            for index, item in enumerate(rules):
                for name in _EXPRESSIONS if isinstance(item, dict) else ():
                    if not is_expression(str(item.get(name) or "")):
                        place = locate(source, 0, ("creation_rules", index, name)).location
                        self.broken.append((place, f"its {name} is no regular expression of Go"))
        elif not isinstance(value, dict) or not value.keys() & {"stores", "destination_rules"}:
            self.broken.append((Location(path), "it has no list of creation rules"))


def _falls_under(rule: CreationRule, path: str) -> bool:
    pattern = compiled(rule.path_regex)
    return pattern is not None and pattern.search(path) is not None


def _rule(item: dict[str, Any]) -> CreationRule:
    recipients: dict[str, set[str]] = {}
    groups = item.get("key_groups")
    for holder in (item, *(groups if isinstance(groups, list) else ())):
        for kind in _COMPARED if isinstance(holder, dict) else ():
            names = (recipient(kind, text) for text in _names(kind, holder.get(kind)))
            recipients.setdefault(kind, set()).update(names)
    known = {kind: frozenset(names) for kind, names in recipients.items() if names}
    return CreationRule(str(item.get("path_regex") or ""), selection_of(item), known)


def _names(kind: str, value: Any) -> list[str]:
    """The recipients of one kind: a text with commas, or a list of texts or mappings."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    result = []
    for entry in value if isinstance(value, list) else ():
        text = entry.get(_FIELDS[kind]) if isinstance(entry, dict) else entry
        result += [part.strip() for part in str(text or "").split(",") if part.strip()]
    return result
